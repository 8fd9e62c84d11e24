"""customers: who is one person over all channels, and what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, LimitOption
from monitor.cli.output import print_json
from monitor.errors import CustomerError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.domain.customer import CustomerHistory
    from monitor.store import Transaction

customer_commands = make_command_group()
FirstArgument = Annotated[str, typer.Argument(help="SOURCE:AUTHOR.", metavar="SOURCE:AUTHOR")]
SecondArgument = Annotated[str, typer.Argument(help="Another one.", metavar="SOURCE:AUTHOR")]
#: How far back `list` looks.
_LISTED_DAYS = 60
#: Feedback in one write transaction of `rebuild`.
_REBUILT_AT_A_TIME = 500


@customer_commands.command("list")
def list_customers(
    config: ConfigOption = CONFIG, limit: LimitOption = 20, json: JsonOption = False
) -> None:
    """List who wrote in the last 60 days and before, the most complaints first, and the links that
    people have made.

    Example: [bold]repwatch customers list --limit 5[/bold]
    """
    from datetime import timedelta

    from monitor.bootstrap import utc_now
    from monitor.cli.customer_views import describe_link, history_to_dict, print_history
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out, print_text

    now = utc_now()
    with open_program(config) as program, program.store.read() as tx:
        found = tx.customers.list_customers(now - timedelta(days=_LISTED_DAYS), now)
        found.sort(key=lambda one: (-len(one.complaints), -one.contacts[-1].feedback_id))
        names = [_name_customer(tx, one) for one in found[:limit]]
        links = tx.customers.list_links()
    if json:
        print_json([history_to_dict(one) for one in found[:limit]])
        return
    for one, name in zip(found, names, strict=False):
        print_history(one, name)
        out.print()
    for link in links:
        print_text(describe_link(link))
    if not (found or links):
        out.print(
            "no customer is known by more than one feedback; see docs/howto/link-customers.md"
        )


@customer_commands.command("show")
def show_customer(
    author: Annotated[
        str, typer.Argument(help="A name, an id, or an identifier such as an e-mail address.")
    ],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show all that is known of one person over all channels.

    Example: [bold]repwatch customers show anna@example.com[/bold]
    """
    from monitor.cli.customer_views import history_to_dict, print_history
    from monitor.cli.program import open_program

    with open_program(config) as program, program.store.read() as tx:
        own = tx.customers.find_person(author).own
        found = tx.customers.find_histories(own)
    if not own:
        raise CustomerError(f"nothing of {author!r} is stored; `repwatch search` shows what is")
    if not found:
        raise CustomerError(
            f"{author!r} is known by nothing but this name: name what identifies people under "
            "[customers] link_by and run `repwatch customers rebuild`, or link by hand"
        )
    if json:
        print_json([history_to_dict(one) for one in found])
        return
    for one in found:
        print_history(one, author)


@customer_commands.command("link")
def link_customers(
    first: FirstArgument, second: SecondArgument, config: ConfigOption = CONFIG, by: ByOption = ""
) -> None:
    """Say that two authors are one person; `unlink` takes it back.

    Example: [bold]repwatch customers link reviews:anna forum:anna_k[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.write() as tx:
        tx.customers.link(first, second, actor=actor_from_name(by), at=utc_now())
    print_text(f"{first} and {second} are one customer now")


@customer_commands.command("unlink")
def unlink_customers(
    first: FirstArgument, second: SecondArgument, config: ConfigOption = CONFIG, by: ByOption = ""
) -> None:
    """Take back a link that a person made.

    Example: [bold]repwatch customers unlink reviews:anna forum:anna_k[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.write() as tx:
        tx.customers.unlink(first, second, actor=actor_from_name(by), at=utc_now())
    print_text(f"{first} and {second} are no longer linked by hand")


@customer_commands.command("shared")
def mark_shared(
    name: Annotated[str, typer.Argument(help="The attribute, like email.", metavar="NAME")],
    value: Annotated[str, typer.Argument(help="Its value.", metavar="VALUE")],
    config: ConfigOption = CONFIG,
    undo: Annotated[bool, typer.Option("--undo", help="It is one person's after all.")] = False,
) -> None:
    """Say that several people have an identifier, so that it links nobody.

    Example: [bold]repwatch customers shared email office@example.com[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.write() as tx:
        tx.customers.set_shared(name, value, shared=not undo)
    print_text(f"this {name} links {'people again' if undo else 'nobody now'}")


@customer_commands.command("rebuild")
def rebuild_customers(config: ConfigOption = CONFIG) -> None:
    """Read anew by what the authors of all stored feedback are known, after \\[customers] link_by
    has changed.

    Example: [bold]repwatch customers rebuild[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program:
        count = _rebuild(program)
    print_text(f"{count} feedback read anew")


def _rebuild(program: App) -> int:
    from itertools import islice

    link_by, count = program.config.settings.customers.link_by, 0
    with program.store.write() as tx:
        tx.customers.drop_unnamed(link_by)
        stored = (feedback for feedback, _ in tx.feedback.iterate_stored())
        while batch := list(islice(stored, _REBUILT_AT_A_TIME)):
            tx.customers.renew(batch, link_by)
            count += len(batch)
    return count


def _name_customer(tx: Transaction, history: CustomerHistory) -> str:
    """Return the customer's newest name as commands take it, `SOURCE:AUTHOR`."""
    for contact in reversed(history.contacts):
        found = tx.feedback.get(contact.feedback_id)
        author = found[0].author if found else None
        if author is not None and author.is_known:
            return f"{contact.source_id}:{author.name or author.id}"
    return f"{history.contacts[-1].source_id}: no name"
