"""The schema, step by step; a released step is never edited, only followed by another."""

from sqlite_utils import Database, Migrations


def m001_create_meta(db: Database) -> None:
    """Hold facts about the database itself: the canary of the master key, the bot's id."""
    db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)")


def m002_create_chats(db: Database) -> None:
    """Hold chats, trackers, and which chat is linked to which."""
    db.execute(
        "CREATE TABLE chats (chat_id BIGINT PRIMARY KEY, language TEXT, time_zone TEXT)",
    )
    # An id that is never given out twice cannot lead a cached client to another tracker.
    db.execute(
        "CREATE TABLE trackers (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL,"
        " fingerprint TEXT NOT NULL UNIQUE, api_key BLOB NOT NULL)",
    )
    db.execute(
        "CREATE TABLE links (chat_id BIGINT PRIMARY KEY,"
        " tracker_id BIGINT NOT NULL REFERENCES trackers (id),"
        " linked_by BIGINT NOT NULL, linked_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute("CREATE INDEX links_by_tracker ON links (tracker_id)")


def m003_create_people(db: Database) -> None:
    """Hold owners, roles in chats, and the claim code that makes the first owner."""
    db.execute(
        "CREATE TABLE owners (user_id BIGINT PRIMARY KEY, added_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute(
        "CREATE TABLE members (chat_id BIGINT NOT NULL, user_id BIGINT NOT NULL,"
        " role TEXT NOT NULL, granted_by BIGINT NOT NULL,"
        " granted_at DOUBLE PRECISION NOT NULL, PRIMARY KEY (chat_id, user_id))",
    )
    db.execute(
        "CREATE TABLE claims (code_hash TEXT PRIMARY KEY, tries_left INTEGER NOT NULL,"
        " expires_at DOUBLE PRECISION NOT NULL)",
    )


def m004_create_link_requests(db: Database) -> None:
    """Hold the requests to link a chat; a person has at most one that is pending."""
    db.execute(
        "CREATE TABLE link_requests (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " token_hash TEXT UNIQUE, user_id BIGINT NOT NULL, chat_id BIGINT NOT NULL,"
        " thread_id BIGINT, chat_title TEXT NOT NULL, address TEXT,"
        " is_pending BOOLEAN NOT NULL, expires_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute(
        "CREATE UNIQUE INDEX link_requests_pending ON link_requests (user_id) WHERE is_pending",
    )


def m005_create_inbox(db: Database) -> None:
    """Make room for what Telegram has handed over, until some days after it is done."""
    db.execute(
        "CREATE TABLE inbox (update_id BIGINT PRIMARY KEY, body BLOB NOT NULL,"
        " got_at DOUBLE PRECISION NOT NULL, tries INTEGER NOT NULL DEFAULT 0,"
        " done_at DOUBLE PRECISION, fate TEXT)",
    )
    db.execute("CREATE INDEX inbox_owed ON inbox (got_at) WHERE done_at IS NULL")
    db.execute("CREATE INDEX inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL")


def m006_create_journal(db: Database) -> None:
    """Every change that was asked for; the row is the right to send it."""
    db.execute(
        "CREATE TABLE journal (key TEXT PRIMARY KEY, chat_id BIGINT NOT NULL,"
        " user_id BIGINT NOT NULL, address TEXT NOT NULL, operation TEXT NOT NULL,"
        " request BLOB NOT NULL, before BLOB NOT NULL, begun_at DOUBLE PRECISION NOT NULL,"
        " outcome TEXT, answer BLOB, ended_at DOUBLE PRECISION)",
    )


def m007_create_outbox(db: Database) -> None:
    """Make room for answers, until some days after Telegram has taken them."""
    db.execute(
        "CREATE TABLE outbox (key TEXT PRIMARY KEY, chat_id BIGINT NOT NULL,"
        " user_id BIGINT NOT NULL, thread_id BIGINT, reply_to BIGINT, progress_id BIGINT,"
        " body BLOB, part INTEGER NOT NULL DEFAULT 0, owed_at DOUBLE PRECISION NOT NULL,"
        " keep_until DOUBLE PRECISION, begun_at DOUBLE PRECISION, due_at DOUBLE PRECISION,"
        " is_repeat BOOLEAN NOT NULL DEFAULT FALSE, done_at DOUBLE PRECISION, fate TEXT,"
        " note TEXT)",
    )
    db.execute("CREATE INDEX outbox_owed ON outbox (owed_at) WHERE done_at IS NULL")
    db.execute("CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL")


def m008_add_unreachable(db: Database) -> None:
    """Note since when Telegram has let nothing through to a chat."""
    db.execute("ALTER TABLE chats ADD COLUMN unreachable_at DOUBLE PRECISION")


def m009_widen_journal(db: Database) -> None:
    """Name who asked for a change and what it made, and find the changes of a tracker."""
    db.execute("ALTER TABLE journal ADD COLUMN object_id BIGINT")
    db.execute("ALTER TABLE journal ADD COLUMN person BLOB")
    db.execute("ALTER TABLE journal ADD COLUMN note BLOB")
    db.execute("CREATE INDEX journal_by_tracker ON journal (address, operation, begun_at)")


def m010_create_plans(db: Database) -> None:
    """Make room for what waits for its author's yes; the token alone leads to it, and once."""
    db.execute(
        "CREATE TABLE plans (id INTEGER PRIMARY KEY AUTOINCREMENT, token_hash TEXT NOT NULL UNIQUE,"
        " kind TEXT NOT NULL, chat_id BIGINT NOT NULL, user_id BIGINT NOT NULL,"
        " shown_by TEXT NOT NULL, body BLOB NOT NULL, made_at DOUBLE PRECISION NOT NULL,"
        " expires_at DOUBLE PRECISION NOT NULL, state TEXT NOT NULL DEFAULT 'open',"
        " used_by TEXT)",
    )
    db.execute("CREATE INDEX plans_open ON plans (expires_at) WHERE state = 'open'")
    db.execute("CREATE INDEX plans_used ON plans (used_by) WHERE used_by IS NOT NULL")


def m011_note_messages(db: Database) -> None:
    """Note which message an answer has become, so that its buttons can be taken away."""
    db.execute("ALTER TABLE outbox ADD COLUMN message_id BIGINT")


def m012_follow_journal(db: Database) -> None:
    """Note which change takes back which, and find the changes of a chat."""
    db.execute("ALTER TABLE journal ADD COLUMN undoes TEXT")
    db.execute("CREATE INDEX journal_by_chat ON journal (chat_id, begun_at)")
    db.execute("CREATE INDEX journal_undoes ON journal (undoes) WHERE undoes IS NOT NULL")


def m013_add_preferences(db: Database) -> None:
    """Hold when a chat wants to be asked, who may read in it, and what its members are called."""
    db.execute("ALTER TABLE chats ADD COLUMN confirmations TEXT")
    db.execute("ALTER TABLE chats ADD COLUMN readers TEXT")
    db.execute("ALTER TABLE members ADD COLUMN name BLOB")


def m014_create_questions(db: Database) -> None:
    """Hold what a person is being asked in a chat; a new question takes the place of the last."""
    db.execute(
        "CREATE TABLE questions (chat_id BIGINT NOT NULL, user_id BIGINT NOT NULL,"
        " kind TEXT NOT NULL, body BLOB NOT NULL, asked_by TEXT NOT NULL,"
        " expires_at DOUBLE PRECISION NOT NULL, PRIMARY KEY (chat_id, user_id))",
    )


def m015_create_reports(db: Database) -> None:
    """Hold reports that were shown, so that they can be turned and changed, and saved ones."""
    db.execute(
        "CREATE TABLE shown_reports (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id BIGINT NOT NULL,"
        " query BLOB NOT NULL, answer BLOB, shown_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute("CREATE INDEX shown_reports_by_time ON shown_reports (shown_at)")
    db.execute(
        "CREATE TABLE saved_reports (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id BIGINT NOT NULL,"
        " name BLOB NOT NULL, folded TEXT NOT NULL, body BLOB NOT NULL, user_id BIGINT NOT NULL,"
        " saved_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute("CREATE UNIQUE INDEX saved_reports_by_name ON saved_reports (chat_id, folded)")


def m016_create_schedules(db: Database) -> None:
    """Hold what is to be done again and again, and each time that it was."""
    db.execute(
        "CREATE TABLE schedules (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id BIGINT NOT NULL,"
        " thread_id BIGINT, user_id BIGINT NOT NULL, rule TEXT NOT NULL, time_zone TEXT NOT NULL,"
        " body BLOB NOT NULL, made_at DOUBLE PRECISION NOT NULL, next_at DOUBLE PRECISION NOT NULL,"
        " paused TEXT)",
    )
    db.execute("CREATE INDEX schedules_due ON schedules (next_at) WHERE paused IS NULL")
    db.execute("CREATE INDEX schedules_by_chat ON schedules (chat_id)")
    # The update that a due time becomes is called by the number of its row, below zero.
    db.execute(
        "CREATE TABLE due_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, schedule_id BIGINT NOT NULL,"
        " due_at DOUBLE PRECISION NOT NULL)",
    )
    db.execute("CREATE UNIQUE INDEX due_runs_once ON due_runs (schedule_id, due_at)")


def m017_seal_links(db: Database) -> None:
    """Make room for the seal that binds a chat to its tracker."""
    db.execute("ALTER TABLE links ADD COLUMN seal BLOB")


def m018_find_reports_by_chat(db: Database) -> None:
    """Find the reports of a chat that are one too many."""
    db.execute("CREATE INDEX shown_reports_by_chat ON shown_reports (chat_id, id)")


STEPS = (
    m001_create_meta,
    m002_create_chats,
    m003_create_people,
    m004_create_link_requests,
    m005_create_inbox,
    m006_create_journal,
    m007_create_outbox,
    m008_add_unreachable,
    m009_widen_journal,
    m010_create_plans,
    m011_note_messages,
    m012_follow_journal,
    m013_add_preferences,
    m014_create_questions,
    m015_create_reports,
    m016_create_schedules,
    m017_seal_links,
    m018_find_reports_by_chat,
)


def migrate(db: Database) -> None:
    """Apply the steps that *db* lacks, each in a transaction of its own."""
    _migrations().apply(db)


def applied(db: Database) -> tuple[str, ...]:
    """Return the names of the steps *db* has been through, without writing to it."""
    return tuple(step.name for step in _migrations().applied(db))


def unknown(db: Database) -> tuple[str, ...]:
    """Return the steps in *db* that only a later version can have applied."""
    known = {step.__name__ for step in STEPS}
    return tuple(name for name in applied(db) if name not in known)


def _migrations() -> Migrations:
    migrations = Migrations("keitaro_bot")
    for step in STEPS:
        migrations()(step)
    return migrations
