"""The rows of the table of commands that ask for figures, once or again and again."""

from handlers.command import Command, Form
from handlers.roles import Role
from handlers.stats.command import stats
from handlers.stats.log import clicks, conversions
from handlers.stats.saved import reports
from handlers.stats.schedule_list import schedules

FIGURES: tuple[Command, ...] = (
    Command(
        name="stats",
        run=stats,
        role=Role.VIEWER,
        forms=(
            Form("/stats"),
            Form("/stats today campaign"),
            Form("/stats 7d country offer top 20 by profit"),
            Form("/stats month source where clicks > 100 and roi < 0"),
            Form("/stats {json}"),
        ),
        summary=lambda texts: texts.about_stats,
        details=lambda texts: texts.details_stats,
    ),
    Command(
        name="clicks",
        run=clicks,
        role=Role.VIEWER,
        forms=(
            Form("/clicks"),
            Form("/clicks today campaign 12"),
            Form("/clicks {json}"),
        ),
        summary=lambda texts: texts.log_about["clicks"],
        details=lambda texts: texts.log_details["clicks"],
    ),
    Command(
        name="conversions",
        run=conversions,
        role=Role.VIEWER,
        forms=(
            Form("/conversions"),
            Form("/conversions 7d campaign 12"),
            Form("/conversions {json}"),
        ),
        summary=lambda texts: texts.log_about["conversions"],
        details=lambda texts: texts.log_details["conversions"],
    ),
    Command(
        name="reports",
        run=reports,
        role=Role.VIEWER,
        forms=(
            Form("/reports"),
            Form("/reports morning"),
            Form("/reports save morning = yesterday country top 20", Role.OPERATOR),
            Form("/reports rename morning = evening", Role.OPERATOR),
            Form("/reports remove morning", Role.OPERATOR),
            Form("/reports json morning"),
        ),
        summary=lambda texts: texts.about_reports,
        details=lambda texts: texts.details_reports,
    ),
    Command(
        name="schedules",
        run=schedules,
        role=Role.VIEWER,
        forms=(
            Form("/schedules"),
            Form("/schedules add yesterday campaign every day 9:00", Role.OPERATOR),
            Form("/schedules pause 3", Role.OPERATOR),
            Form("/schedules resume 3", Role.OPERATOR),
            Form("/schedules now 3", Role.OPERATOR),
            Form("/schedules remove 3", Role.OPERATOR),
        ),
        summary=lambda texts: texts.about_schedules,
        details=lambda texts: texts.details_schedules,
    ),
)
