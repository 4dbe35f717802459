"""The sandbox's tracker answers and refuses as Keitaro does."""

import httpx
import pytest

from sandbox.keitaro import Keitaro

NOW = 1795348800.0  # 2026-11-22 12:00:00 UTC
REDIRECT = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "redirect",
    "name": "New redirect",
    "action_type": "http",
    "action_payload": "https://landing.example/?c={subid}",
}


@pytest.fixture
def keitaro():
    return Keitaro(now=lambda: NOW)


@pytest.fixture
async def api(keitaro):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=keitaro.app),
        base_url="http://tracker.example/admin_api/v1/",
        headers={"Api-Key": "fake-key-1111"},
    ) as client:
        yield client


def offers_of(row):
    return [(part["id"], part["offer_id"], part["share"]) for part in row["offers"]]


def test_new_tracker_is_the_same_each_time():
    first, second = Keitaro(now=lambda: NOW), Keitaro(now=lambda: NOW)

    assert first.streams == second.streams
    assert first.buckets == second.buckets
    assert (len(first.campaigns), len(first.streams), len(first.offers)) == (12, 40, 15)
    assert {row["schema"] for row in first.streams.values()} == {"landings", "redirect", "action"}
    assert {row["type"] for row in first.streams.values()} == {"forced", "regular", "default"}


def test_past_clicks_do_not_depend_on_later_changes(keitaro):
    keitaro.streams.clear()
    keitaro.campaigns.clear()

    assert keitaro.buckets == Keitaro(now=lambda: NOW).buckets


def test_empty_tracker_holds_nothing():
    keitaro = Keitaro(empty=True)

    assert (keitaro.campaigns, keitaro.streams, keitaro.buckets) == ({}, {}, [])


async def test_request_is_written_down_with_key_body_and_status(api, keitaro):
    answer = await api.post("streams?why=not", json=REDIRECT)
    request = keitaro.requests[0]

    assert answer.status_code == request.status == 200
    assert (request.method, request.path, request.query) == ("POST", "streams", {"why": "not"})
    assert request.headers["api-key"] == "fake-key-1111"
    assert (request.body, request.at) == (REDIRECT, NOW)
    assert keitaro.mutations == [request]


async def test_wrong_key_is_refused_in_json(api, keitaro):
    answer = await api.get("campaigns", headers={"Api-Key": "fake-key-2222"})

    assert answer.status_code == 401
    assert answer.json() == {"error": "Access denied"}


async def test_missing_licence_is_402(api, keitaro):
    keitaro.license_missing = True

    answer = await api.get("campaigns")

    assert answer.status_code == 402


async def test_restricted_resource_is_403_and_nothing_changes(api, keitaro):
    keitaro.restricted = {"streams"}

    refused = await api.delete("streams/11")
    allowed = await api.get("campaigns/1")

    assert refused.status_code == 403
    assert refused.json()["stacktrace"] is None
    assert refused.json()["error"].startswith("You have no permission to access this page to ")
    assert (keitaro.mutations, keitaro.streams[11]["state"]) == ([], "active")
    assert allowed.status_code == 200


async def test_missing_object_is_plain_text(api):
    answer = await api.get("streams/9999")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "Traffic\\Model\\Stream #9999 not found"


@pytest.mark.parametrize("path", ["streams", "nothing/here", "/", "stream_actions", "offers/71/x"])
async def test_unknown_path_is_the_panels_page(api, path):
    answer = await api.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<html" in answer.text


@pytest.mark.parametrize("status", [422, 406])
async def test_missing_fields_are_named(api, keitaro, status):
    keitaro.validation_status = status

    answer = await api.post("streams", json={"name": "x", "schema": ""})

    assert answer.status_code == status
    assert answer.json() == {
        "campaign_id": ["Campaign Id is required"],
        "schema": ["Schema is required"],
        "type": ["Type is required"],
        "action_type": ["Action Type is required"],
    }
    assert keitaro.mutations == []


@pytest.mark.parametrize("content", [b"{broken", b"[]", b'{"weight": NaN}', b""])
async def test_body_that_is_no_object_lacks_every_field(api, content):
    answer = await api.post("streams", content=content)

    assert answer.status_code == 422


async def test_misshapen_body_breaks_the_tracker_and_changes_nothing(api, keitaro):
    before = repr(keitaro.streams[11])

    lists = await api.put("streams/11", json={"name": "new", "offers": [{"offer_id": [71]}]})
    report = await api.post("report/build", json={"filters": 5})

    assert (lists.status_code, report.status_code) == (500, 500)
    assert repr(keitaro.streams[11]) == before
    assert [type(error) for error in keitaro.breakdowns] == [TypeError]


async def test_new_stream_gets_the_documented_defaults(api, keitaro):
    created = (await api.post("streams", json=REDIRECT)).json()
    shown = (await api.get(f"streams/{created['id']}")).json()

    assert created == shown == keitaro.streams[created["id"]]
    assert created == {
        **REDIRECT,
        "id": 1001,
        "position": 1,
        "weight": 100,
        "action_options": None,
        "comments": None,
        "state": "active",
        "collect_clicks": False,
        "filter_or": False,
        "offer_selection": "before_click",
        "updated_at": "2026-11-22 12:00:00",
        "filters": [],
        "triggers": [],
        "landings": [],
        "offers": [],
    }


async def test_nothing_is_checked_that_the_real_one_does_not_check(api):
    body = {
        **REDIRECT,
        "campaign_id": 777,
        "comments": "",
        "unheard_of": 1,
        "filters": [{"name": "country", "mode": "accept", "payload": ["UK"]}],
        "offers": [
            {"offer_id": 9000, "share": "70"},
            {"offer_id": 9001, "share": 50},
            {"offer_id": 9000, "share": 20},
        ],
    }

    answer = await api.post("streams", json=body)
    row = answer.json()

    assert answer.status_code == 200
    assert [(part["offer_id"], part["share"]) for part in row["offers"]] == [(9000, 20), (9001, 50)]
    assert row["filters"][0]["payload"] == ["UK"]
    assert row["comments"] is None
    assert "unheard_of" not in row


async def test_update_touches_only_what_was_sent(api, keitaro):
    before = dict(keitaro.streams[12])

    answer = await api.put("streams/12", json={"weight": 5, "comments": ""})

    assert answer.json() == {**before, "weight": 5, "comments": None}


async def test_offers_are_replaced_and_survivors_keep_their_binding(api, keitaro):
    keitaro.streams[12]["offers"][1]["created_at"] = "2026-01-01 00:00:00"
    survivor = keitaro.streams[12]["offers"][1]

    sent = [{"offer_id": 75, "share": 10}, {"offer_id": survivor["offer_id"], "share": 90}]
    replaced = (await api.put("streams/12", json={"offers": sent})).json()
    again = (await api.put("streams/12", json={"offers": [{"offer_id": 71, "share": 1}]})).json()
    emptied = (await api.put("streams/12", json={"offers": []})).json()

    assert offers_of(replaced)[0] == (survivor["id"], survivor["offer_id"], 90)
    assert replaced["offers"][0]["created_at"] == "2026-01-01 00:00:00"
    assert replaced["offers"][1]["offer_id"] == 75
    assert again["offers"][0]["id"] > replaced["offers"][1]["id"]
    assert emptied["offers"] == []


async def test_filters_are_replaced_and_known_ids_stay(api, keitaro):
    known = keitaro.streams[11]["filters"][0]
    bot = {"name": "bot", "mode": "accept", "payload": None}

    row = (await api.put("streams/11", json={"filters": [known, {**bot, "id": 5}]})).json()

    assert row["filters"][0] == known
    assert row["filters"][1] == {**bot, "id": row["filters"][1]["id"]}
    assert row["filters"][1]["id"] != 5


async def test_stream_goes_off_on_away_and_back(api, keitaro):
    states = []
    for method, path in [
        ("POST", "streams/12/disable"),
        ("POST", "streams/12/enable"),
        ("DELETE", "streams/12"),
        ("POST", "streams/12/restore"),
    ]:
        answer = await api.request(method, path)
        states.append((answer.status_code, answer.json()["state"]))

    assert states == [(200, "disabled"), (200, "active"), (200, "deleted"), (200, "active")]
    assert len(keitaro.mutations) == 4


async def test_archived_stream_is_found_only_in_the_archive(api):
    await api.delete("streams/12")

    archive = (await api.get("streams/deleted")).json()
    of_campaign = (await api.get("campaigns/1/streams")).json()
    second = await api.delete("streams/12")

    assert 12 in [row["id"] for row in archive]
    assert [row["id"] for row in of_campaign] == [11, 13, 14]
    assert second.status_code == 404


async def test_clone_is_a_list_of_one(api, keitaro):
    [copy] = (await api.post("streams/12/clone")).json()
    original = keitaro.streams[12]

    assert copy["name"] == f"Copy of {original['name']}"
    assert copy["offers"][0]["stream_id"] == copy["id"]
    assert copy["offers"][0]["id"] != original["offers"][0]["id"]


async def test_streams_are_searched_by_name_and_payload(api):
    by_name = (await api.get("streams/search", params={"query": "BOTS"})).json()
    by_payload = (await api.get("streams/search", params={"query": "landing.example/1?"})).json()
    nothing = await api.get("streams/search")

    assert {row["name"] for row in by_name} == {"Bots out"}
    assert [row["id"] for row in by_payload] == [13]
    assert nothing.status_code == 400


async def test_events_tell_why_a_stream_is_off(api, keitaro):
    off = next(row["id"] for row in keitaro.streams.values() if row["state"] == "disabled")

    events = (await api.get(f"streams/{off}/events")).json()
    none = (await api.get("streams/12/events")).json()

    assert [event["condition"] for event in events] == ["not_respond"]
    assert none == []


async def test_campaigns_come_in_pages_without_the_archive(api):
    everything = (await api.get("campaigns")).json()
    page = (await api.get("campaigns", params={"limit": 3, "offset": 9})).json()
    archive = (await api.get("campaigns/deleted")).json()

    assert [row["id"] for row in everything] == list(range(1, 12))
    assert [row["id"] for row in page] == [10, 11]
    assert [row["id"] for row in archive] == [12]


async def test_campaign_needs_a_free_alias(api, keitaro):
    without = await api.post("campaigns", json={"name": "New"})
    taken = await api.post("campaigns", json={"name": "New", "alias": "gd3hk81a"})
    stolen = await api.put("campaigns/2", json={"alias": "gd3hk81a"})
    created = await api.post(
        "campaigns", json={"name": "New", "alias": "free1234", "group_id": "2"}
    )

    assert without.json() == {"alias": ["Alias is required"]}
    assert taken.json() == stolen.json() == {"alias": ["Alias has already used"]}
    assert created.status_code == 200
    assert created.json()["group_id"] == 2
    assert len(keitaro.mutations) == 1


async def test_campaign_is_archived_restored_and_copied_with_streams(api, keitaro):
    deleted = await api.delete("campaigns/1")
    restored = await api.post("campaigns/1/restore")
    [copy] = (await api.post("campaigns/1/clone")).json()
    copied = (await api.get(f"campaigns/{copy['id']}/streams")).json()

    assert (deleted.status_code, restored.status_code) == (201, 201)
    assert restored.json()["state"] == "active"
    assert copy["name"] == "Copy of Garden DE"
    assert copy["alias"] != keitaro.campaigns[1]["alias"]
    assert [row["name"] for row in copied] == ["Bots out", "DE main", "DE direct", "Fallback"]


async def test_archive_of_campaigns_is_emptied_whole(api, keitaro):
    await api.post("campaigns/clean_archive")

    assert 12 not in keitaro.campaigns


@pytest.mark.parametrize(
    ("path", "method", "archive", "status"),
    [
        ("offers/71", "DELETE", "offers/71/archive", 200),
        ("landing_pages/31", "DELETE", "landing_pages/31", 200),
        ("affiliate_networks/1", "DELETE", "affiliate_networks/1", 200),
        ("traffic_sources/1", "DELETE", "traffic_sources/1", 200),
        ("domains/1", "DELETE", "domains/1", 201),
    ],
)
async def test_objects_are_listed_changed_and_archived(api, path, method, archive, status):
    kind, _, number = path.partition("/")

    listed = (await api.get(kind)).json()
    changed = (await api.put(path, json={"name": "Renamed"})).json()
    blank = await api.put(path, json={"name": ""})
    archived = await api.request(method, archive)
    left = (await api.get(kind)).json()

    assert int(number) in [row["id"] for row in listed]
    assert changed["name"] == "Renamed"
    assert blank.json() == {"name": ["Name is required"]}
    assert (archived.status_code, archived.json()["state"]) == (status, "deleted")
    assert len(left) == len(listed) - 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "offers/71/clone"),
        ("PUT", "landing_pages/31/clone"),
        ("POST", "affiliate_networks/1/clone"),
        ("POST", "traffic_sources/1/clone"),
    ],
)
async def test_every_clone_is_a_list_of_one(api, method, path):
    [copy] = (await api.request(method, path)).json()

    assert copy["name"].startswith("Copy of ")


async def test_domains_come_in_lists(api):
    created = (await api.post("domains", json={"name": "a.example, b.example"})).json()
    checked = (await api.post("domains/1/check")).json()
    restored = (await api.post("domains/4/restore")).json()

    assert [row["name"] for row in created] == ["a.example", "b.example"]
    assert [row["id"] for row in checked] == [1]
    assert [row["state"] for row in restored] == ["active"]


async def test_groups_need_a_type_and_a_new_name(api):
    untyped = await api.get("groups")
    listed = (await api.get("groups", params={"type": "offers"})).json()
    empty = await api.post("groups", json={})
    created = await api.post("groups", json={"name": "Later", "type": "offers"})
    twice = await api.post("groups", json={"name": "Later", "type": "offers"})
    deleted = await api.delete(f"groups/{created.json()['id']}/delete")
    gone = await api.delete(f"groups/{created.json()['id']}/delete")

    assert untyped.status_code == 400
    assert [row["name"] for row in listed] == ["Direct deals", "Network offers"]
    assert empty.status_code == 500
    assert twice.json() == {"name": ["Name has already used"]}
    assert (deleted.status_code, gone.status_code) == (200, 404)


async def test_catalogues_list_what_can_be_chosen(api):
    types = (await api.get("stream_types")).json()
    schemas = (await api.get("stream_schemas")).json()
    actions = (await api.get("streams_actions")).json()
    filters = (await api.get("stream_filters")).json()

    assert [row["key"] for row in types] == ["forced", "regular", "default"]
    assert [row["value"] for row in schemas] == ["landings", "redirect", "action"]
    assert len(actions) == 18
    assert {"country", "bot", "uniqueness", "sub_id_30"} <= {row["value"] for row in filters}


async def test_files_of_an_offer_are_kept(api):
    await api.post("offers/71/add_file", params={"path": "a.css"})
    await api.put("offers/71/update_file", params={"path": "a.css", "data": "b{}"})
    read = (await api.get("offers/71/get_file", params={"path": "a.css"})).json()
    packed = await api.get("offers/71/download")
    left = (await api.delete("offers/71/remove_file", params={"path": "a.css"})).json()
    missing = await api.get("offers/71/get_file", params={"path": "a.css"})

    assert read == {"data": "b{}"}
    assert packed.headers["content-type"] == "application/octet-stream"
    assert packed.content.startswith(b"PK")
    assert [row["path"] for row in left] == ["index.html"]
    assert missing.status_code == 404
