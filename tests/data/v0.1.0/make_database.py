"""Two weeks at Acme, lived through by the program of commit b0c6ba2; what is left is the database.

Runs with that commit's code alone; the README beside it says how.
"""
# ruff: noqa: E501, S608 - what people wrote, in lines as long as they are

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hooks import panel, typeform
from monitor.answers import ReplyState
from monitor.feedback import Feedback
from monitor.pipeline.learn import PROBLEM, STAGE, learn
from monitor.response import Act, Action, Refusal
from old_world import CHANNELS, HOLDER, Acme, acme, until, utc

from monitor import bootstrap
from monitor.analysis.analyzer import Analyzer
from monitor.store import open_store
from monitor.store.mutes import Mute
from monitor.store.verdicts import ModelState, StoredModel, VerdictKind
from tests.world.faults import answers, lost_after_commit
from tests.world.slack_messages import Message
from tests.world.slack_wire import JSON_TYPE

DATA = Path(__file__).parent
APP = "284882215"
UNREAD = "Rakastan mutta sovellus ei avaudu ollenkaan, surkea"
HOSTILE = "<!channel> refund <https://evil.example|your bank> @here \u202eevil\u202c =1+1 <script>alert(1)</script>"
POST = "/api/chat.postMessage"


def atom(items: Sequence[tuple[str, datetime | None, str, str, str]]) -> str:
    """A feed of (id, time, author, title, text)."""
    entries = "".join(
        f"<entry><id>{one}</id><title>{escape(title)}</title><link href='https://forum.acme.example/{one}'/>"
        f"<author><name>{escape(author)}</name></author><content type='text'>{escape(text)}</content>"
        f"{f'<published>{at.isoformat()}</published>' if at else ''}</entry>"
        for one, at, author, title, text in items
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Forum</title>{entries}</feed>'


class Year:
    """What is told below, with what was said so far in the forum."""

    def __init__(self, place: Acme) -> None:
        self.place, self.world = place, place.world
        self.said: list[tuple[str, datetime | None, str, str, str]] = []
        self.alerts: dict[str, int] = {}

    def forum(
        self, text: str, *, title: str = "", author: str = "gerd", at: datetime | None = None
    ) -> None:
        """Let somebody write in the forum, now unless a time is given."""
        self.said.append((f"p{len(self.said) + 1}", at or bootstrap.now(), author, title, text))
        self.show()

    def show(self) -> None:
        """Publish the forum."""
        self.world.web.publish("/forum.atom", atom(self.said), content_type="application/atom+xml")

    def beginning(self) -> None:
        """First contact: what is old, undated or official alerts nobody."""
        world, place = self.world, self.place
        world.move(utc(9, "08:00"))
        self.said = [
            ("p1", utc(1, "09:00"), "gerd", "Crash", "The app crashes when I scan a voucher"),
            ("p2", None, "hilde", "", "Some day the app crashed, I forgot when"),
            (
                "p3",
                utc(2, "09:00"),
                "",
                "Recommended",
                "I recommend the newsletter, it is never slow",
            ),
        ]
        self.show()
        stars = "<item xmlns:shop='urn:x'><guid>s{0}</guid><title>{1}</title><description>{2}</description>"
        stars += "<pubDate>Sun, 08 Nov 2026 1{0}:00:00 +0000</pubDate><shop:stars>{3}</shop:stars></item>"
        shop = stars.format(1, "Kiosk", "The kiosk jammed and the sandwiches were sold out", 2)
        shop += stars.format(2, "Good", "Quick and friendly, wonderful", 5)
        shop = f"<rss version='2.0' xmlns:shop='urn:x'><channel><title>Shop</title>{shop}</channel></rss>"
        world.web.publish("/shop.rss", shop)
        world.web.publish(
            "/blog.json",
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": [
                {"id": "b1", "content_text": "Acme moves house", "date_published": "2026-11-02T10:00:00Z"}]}),
            content_type="application/feed+json",
        )  # fmt: skip
        world.web.publish(
            "/members.rss", "<rss version='2.0'><channel><title>Members</title></channel></rss>"
        )
        world.ios.serve(APP, "us", "de")
        world.ios.review(APP, "us", "Nice", title="OK", stars=4, at=utc(5, "09:00").timestamp())
        world.reddit.submit(
            "acme", "Hello", "Is this the place for acme questions?", author="jan_k"
        )
        world.web.refuse("/kiosk.rss", 404)
        world.feeds.submit("acme", "Look", "The acme shop has a newsletter", author="jan_k")
        world.fediverse.post(
            "Lunch at #acme is <b>wonderful</b>", "acme", at=utc(7, "12:00").timestamp()
        )
        world.forum.write(
            "<p>How do I change my address?</p>",
            username="olaf",
            name="Olaf",
            display_username="olaf",
        )
        world.github.open_issue("acme/widgets", "Widget is slow", "It takes a minute, really slow")
        world.github.comment("acme/widgets", 1, "Same here, laggy on every page")
        world.hn.story("Show HN: Acme widgets", "We made acme", at=utc(8, "12:00").timestamp())
        place.poll()
        place.deliver()
        world.move(utc(9, "08:10"))
        place.poll()
        place.deliver()

    def crash(self) -> None:
        """Nudged, late, called out twice, taken, asked, confirmed, noted, resolved, back again."""
        place, world = self.place, self.world
        world.move(utc(9, "08:20"))
        self.forum(
            "The app crashes every time I pay with my card since the last update of it, mail me at gerd@mail.example",
            title="Crash at checkout",
        )
        place.go(utc(9, "08:20"), "forum")
        number = self.alerts["crash"] = place.alert("crash", "every time I pay")
        for clock in ("08:43", "08:51", "09:06", "10:21"):
            place.go(utc(9, clock))
        world.move(utc(9, "10:30"))
        place.click("anna", number, "take")
        world.move(utc(9, "10:31"))
        self.forum(
            "the app crashes every time I pay with my card since the last update of it!! gerd, you are right",
            author="irma",
        )
        place.go(utc(9, "10:32"), "forum")
        place.go(utc(9, "13:32"))
        world.people["anna"].click(place.line(number, "still on it"), "confirm")
        place.settle()
        world.move(utc(9, "14:00"))
        world.people["bert"].says(place.card(number), "I look at the logs")
        place.settle()
        place.cli(
            "alerts",
            "note",
            str(number),
            "Log: <https://logs.acme.example|here> @channel",
            "--by",
            "dana",
        )
        world.move(utc(9, "14:30"))
        place.fill(
            "anna", number, "resolve",
            {"other_cause": "A bad release", "action_taken": "Rolled back to 6.2", "note": "6.3.1 & later are fine"},
        )  # fmt: skip

    def crash_again(self) -> None:
        """What was resolved comes back in other words, and is the same alert."""
        place, world = self.place, self.world
        world.move(utc(11, "09:00"))
        self.forum(
            "The app crashes every time I pay with my card since the last update of it",
            author="knut",
        )
        place.go(utc(11, "09:01"), "forum")

    def outage(self) -> None:
        """Assigned, put away until it gets worse, worse, answered, closed by an emoji; then a cooldown."""
        place, world = self.place, self.world
        world.move(utc(10, "09:00"))
        world.reddit.submit("acme", "Down?", "The site is down and I cannot log in", author="lea_m")
        place.go(utc(10, "09:01"), "reddit")
        number = self.alerts["outage"] = place.alert("outage", "site is down")
        place.fill("anna", number, "assign", {"assignee": "U0BERT0002"})
        place.fill("bert", number, "snooze", {"worse": ["yes"]})
        for minute, author in ((20, "mo_h"), (24, "nils_q"), (27, "otto_r")):
            world.move(utc(10, f"09:{minute}"))
            world.reddit.submit(
                "acme", "Also down", f"Still the site is down for me, {author}", author=author
            )
            place.go(utc(10, f"09:{minute + 1}"), "reddit")
        place.cli(
            "alerts",
            "reply",
            str(number),
            "--note",
            "posted on the status page",
            "--by",
            "U0BERT0002",
        )
        world.move(utc(10, "10:00"))
        place.react("bert", number, "white_check_mark")
        world.move(utc(10, "10:20"))
        world.reddit.comment(
            "acme", "site is down is what I read, fine here", on="", author="pia_s"
        )
        place.go(utc(10, "10:21"), "reddit")

    def answers_to_customers(self) -> None:
        """Answers in each of their states, and what customers do then."""
        place, world = self.place, self.world
        world.move(utc(11, "10:00"))
        posts = {}
        for name, author in zip(
            ("sent", "back", "locked", "lost", "waits", "due", "tried", "unsure"),
            "qrstuvwy",
            strict=True,
        ):
            if name == "due":
                place.go(utc(11, "10:01"), "reddit")
                world.move(utc(11, "11:05"))
            posts[name] = world.reddit.submit(
                "acme",
                f"Money {name}",
                f"I want a refund, case {name}, call +49 341 1234567",
                author=f"{author}_user",
            )
        place.go(utc(11, "11:06"), "reddit")
        place.go(utc(11, "12:10"))
        number = {name: place.alert("refund", f"case {name}") for name in posts}
        self.alerts |= {f"reply-{name}": one for name, one in number.items()}
        self.posts = posts
        for name in posts:
            place.fill(
                "anna",
                number[name],
                "reply",
                {"text": f"Dear customer, sorry about {name}.", "how": "publish"},
            )
        world.move(utc(11, "12:40"))
        for name in ("sent", "locked"):
            world.people["carla"].click(place.line(number[name], "proposes"), "approve")
            place.settle()
        world.reddit.locked.add(posts["locked"])
        place.go(utc(11, "12:41"))
        world.people["carla"].click(place.line(number["back"], "proposes"), "reject")
        until(lambda: world.people["carla"].modal is not None)
        world.people["carla"].submit(
            world.people["carla"].modal, {"note": "Say when the fix comes"}
        )
        place.settle()
        world.move(utc(11, "13:00"))
        world.people["carla"].click(place.line(number["lost"], "proposes"), "approve")
        place.settle()
        world.reddit.fail_next(answers(500), path="/api/comment")
        place.publish()
        world.reddit.weather = lambda asked: answers(503) if "/comments" in asked.path else None
        for minutes in (1, 2, 5, 10):
            place.go(utc(11, f"13:{minutes:02}"))
        world.reddit.weather = lambda _: None
        world.move(utc(11, "14:00"))
        world.reddit.comment("acme", "Nobody ever called me back", author="q_user")
        place.go(utc(11, "14:01"), "reddit")
        world.reddit.edit(posts["sent"], "I want a refund, case sent. Edit: they answered")
        place.go(utc(11, "15:10"), "reddit")
        world.reddit.submit("acme", "Voucher", "charged twice for a voucher", author="x_user")
        asked = world.reddit.names("new", "acme")[0]
        place.go(utc(11, "15:20"), "reddit")
        world.move(utc(11, "15:30"))
        world.reddit.comment("acme", "We sent you the refund", on=asked, author="acme_helps")
        place.go(utc(11, "15:31"), "reddit")
        self.alerts["official"] = place.alert("refund", "for a voucher")
        self.unapproved()
        old = {"created_utc": utc(2, "09:00").timestamp()}
        world.reddit.submit("acme", "Old", "An old refund story", author="jan_k", **old)
        place.cli("collect", "--since", "2026-11-01", "--source", "reddit")

    def unapproved(self) -> None:
        """An answer that nobody has to approve, as it was before that was switched on."""
        place = self.place
        action = Action(act=Act.REPLY, actor="user:U0BERT0002", via="slack:modal")
        with place.app.store.write() as tx:
            answers = replace(place.app.answers, approval=False)
            number = place.alert("refund", "case back")
            done = answers.submit(
                tx, number, "Dear customer, here is your money.", True, action, bootstrap.now()
            )
            assert not isinstance(done, Refusal), done
        place.go(utc(11, "15:40"))

    def reviews(self) -> None:
        """Stars that go up and down after an answer that somebody has posted, and words that nobody can read."""
        place, world = self.place, self.world
        world.move(utc(12, "09:00"))
        first = world.ios.review(
            APP, "us", "It freezes and I want my money back", title="Freezes", stars=1
        )
        world.ios.review(APP, "de", UNREAD, title="Voi", stars=1)
        world.ios.review(
            APP, "us", "Love it, the best app ever, thank you so much!", title="Wow", stars=5
        )
        place.go(utc(12, "09:05"), "ios")
        place.go(utc(12, "10:10"))
        number = self.alerts["review"] = place.alert("refund", "It freezes")
        place.fill("bert", number, "reply", {"text": "Hi, please write to help@acme.example."})
        self.review = first
        unread = self.alerts["unread"] = place.alert("unread", "Rakastan")
        place.fill(
            "carla", unread, "correct", {"sentiment": "mixed", "stage": "support", "useful": "yes"}
        )
        place.cli(
            "alerts",
            "correct",
            str(unread),
            "--sentiment",
            "negative",
            "--by",
            "dana",
            "--note",
            "says Google",
        )
        place.deliver()

    def raised(self) -> None:
        """The customer raises the rating."""
        self._stars(4, utc(13, "09:00"))

    def lowered(self) -> None:
        """The customer lowers it again; praise is thanked for."""
        self._stars(2, utc(14, "09:00"))
        place = self.place
        thanks = self.alerts["thanks"] = place.alert("thanks", "best app")
        place.cli("alerts", "ack", str(thanks), "--by", "dana", "--note", "I say thanks")
        place.cli(
            "alerts",
            "resolve",
            str(thanks),
            "--by",
            "dana",
            "--root-cause",
            "praise",
            "--action",
            "thanked",
        )
        place.cli("alerts", "reply", str(thanks), "--by", "dana")
        place.deliver()

    def _stars(self, stars: int, at: datetime) -> None:
        self.world.move(at)
        held = self.world.ios._apps[APP, "us"]
        held[self.review] = replace(held[self.review], stars=stars, updated=at.timestamp())
        self.place.go(at + timedelta(minutes=5), "ios")

    def law(self) -> None:
        """Called for by hand, taken, asked, given back after silence, called for again; another one given back."""
        place, world = self.place, self.world
        world.move(utc(12, "12:00"))
        world.hn.comment("Acme will hear from my lawyer", author="yann")
        world.hn.comment("A lawsuit against acme? Hardly", author="zoe")
        place.go(utc(12, "12:05"), "hn")
        number = self.alerts["law"] = place.alert("legal", "hear from my lawyer")
        place.cli(
            "alerts", "escalate", str(number), "--note", "Who knows a lawyer?", "--by", "U0ANNA0001"
        )
        place.deliver()
        place.click("bert", number, "take")
        place.go(utc(12, "15:06"))
        place.go(utc(13, "08:30"))
        other = self.alerts["law-other"] = place.alert("legal", "Hardly")
        place.cli("alerts", "ack", str(other), "--by", "U0BERT0002")
        place.cli("alerts", "release", str(other), "--by", "U0BERT0002", "--note", "on holiday")
        place.cli("alerts", "assign", str(other), "dana", "--by", "U0CARLA003")
        place.deliver()

    def tickets(self) -> None:
        """Alerts of an author in a thread; dismissed, reopened by hand, put away in all three ways."""
        place, world = self.place, self.world
        world.move(utc(13, "10:00"))
        said = [
            ("t1", "c-1", "Ada", "k1", "Order late", "My order is late and nobody answers", 2),
            ("t2", "c-1", "Ada", "k1", "", "Still late. Card 4111 1111 1111 1111", 1),
            ("t3", "c-2", "Bo", "k2", "Box", "The box came broken", 2),
            ("t4", "c-3", "Cy", "k3", "Cold", "Cold food again", 3),
            ("t5", "c-4", "Di", "k4", "Rude", "Rude staff in Dresden", 1),
        ]
        for ticket, person, name, thread, subject, text, stars in said:
            place.desk_app(
                ticket=ticket, text=text, subject=subject, who={"name": name, "id": person}, stars=stars,
                at=bootstrap.now().isoformat(), thread=thread, plan="pro",
            )  # fmt: skip
        place.go(utc(13, "10:05"))
        place.go(utc(13, "11:10"))
        for name, words in (
            ("order", "order is late"),
            ("box", "box came"),
            ("cold", "Cold food"),
            ("rude", "Rude"),
        ):
            self.alerts[name] = place.alert("shop-trouble", words)
        place.dismiss("anna", self.alerts["box"])
        place.cli(
            "alerts",
            "reopen",
            str(self.alerts["box"]),
            "--note",
            "it was not useless",
            "--by",
            "dana",
        )
        place.cli(
            "alerts", "dismiss", str(self.alerts["box"]), "--note", "a test order", "--by", "dana"
        )
        until = bootstrap.now() + timedelta(minutes=20)
        cold, rude = self.alerts["cold"], self.alerts["rude"]
        place.cli("alerts", "snooze", str(cold), "--until", until.isoformat(), "--by", "U0ANNA0001")
        place.cli("alerts", "snooze", str(rude), "--members", "2", "--by", "U0ANNA0001")
        place.go(utc(13, "11:40"))
        place.desk_app(ticket="t6", text="Rude again", who={"name": "Di", "id": "c-4"}, stars=1, thread="k4",
                       at=bootstrap.now().isoformat())  # fmt: skip
        place.go(utc(13, "11:45"))
        place.cli("alerts", "snooze", str(cold), "--for", "2d", "--worse", "--by", "U0ANNA0001")
        place.cli("alerts", "wake", str(cold), "--by", "U0BERT0002")
        place.deliver()

    def captured(self) -> None:
        """Words at the counter, made feedback in Slack."""
        place, world = self.place, self.world
        world.move(utc(16, "09:00"))
        dora, anna = world.people["dora"], world.people["anna"]
        heard = dora.says("C0SUPPORT", "A man at the till wants his money back for a cold soup")
        anna.shortcut(heard, "capture")
        until(lambda: anna.modal is not None)
        anna.submit(anna.modal, {"author": "a man at the till", "place": "In person", "stars": "1"})
        place.settle()
        place.go(utc(16, "09:02"))
        place.go(utc(16, "10:10"))
        self.alerts["captured"] = place.alert("refund", "cold soup")
        place.command("carla", "mute newsletter 14d")
        world.people["dora"].click(place.card(self.alerts["captured"]), "take")
        place.settle()
        world.people["anna"].open_home()
        until(lambda: world.people["anna"].home is not None)

    def flood(self) -> None:
        """More cards than an hour takes; one is lost and found, one refused, one shown again."""
        place, world = self.place, self.world
        world.move(utc(17, "09:00"))
        words = [
            "soup",
            "bread",
            "salad",
            "coffee",
            "tea",
            "cake",
            "juice",
            "pasta",
            "rice",
            "a very long story " * 90,
        ]
        for number, word in enumerate(words):
            world.move(utc(17, f"09:00:{number:02}"))
            self.forum(
                f"I want a refund for {word}", author=f"guest{number}", title=f"About {word}"[:60]
            )
        self.forum(HOSTILE, author="<!here> *eve*", title="<@U0ANNA0001> *bold*")
        world.slack.fail_next(lost_after_commit, path=POST)
        place.go(utc(17, "09:10"), "forum")
        place.deliver(600)
        place.go(utc(17, "10:15"))
        refuse = answers(200, JSON_TYPE, b'{"ok": false, "error": "msg_too_long"}')
        world.move(utc(17, "10:20"))
        self.forum("Another refund, for the juice", author="max")
        world.slack.fail_next(refuse, path=POST, times=3)
        place.go(utc(17, "10:21"), "forum")
        self.alerts["dead"] = place.alert("refund", "for the juice")
        place.cli(
            "alerts", "escalate", str(place.alert("refund", "for rice")), "--by", "U0ANNA0001"
        )
        place.deliver()
        world.move(utc(17, "11:30"))
        self.forum("My cashback is missing, refund it", author="nora")
        world.slack.scopes.discard("channels:history")
        world.slack.fail_next(lost_after_commit, path=POST)
        place.go(utc(17, "11:31"), "forum")
        place.deliver(600)
        world.slack.scopes.add("channels:history")

    def blind(self) -> None:
        """Sources that fail, stop, recover, or are asked to wait."""
        place, world = self.place, self.world
        world.web.refuse("/members.rss", 403)
        world.web.refuse("/shop.rss", 500)
        world.web.refuse("/blog.json", 410)
        for hour in (8, 14, 20):
            place.go(utc(18, f"{hour:02}:00"), "members", "shop-reviews", "old-blog")
        world.web.publish(
            "/shop.rss", "<rss version='2.0'><channel><title>Shop</title></channel></rss>"
        )
        place.go(utc(19, "08:00"), "shop-reviews")
        world.move(utc(19, "08:05"))
        for server in (
            world.fediverse,
            world.github,
            world.hn,
            world.forum,
            world.ios,
            world.feeds,
        ):
            server.weather = lambda _: answers(429, {"Retry-After": "172800"})
        place.poll("fediverse", "github", "hn", "community", "ios", "reddit-search")

    def people_who_go(self) -> None:
        """A post that is deleted, a person who is forgotten."""
        place, world = self.place, self.world
        world.move(utc(19, "09:00"))
        gone = world.reddit.submit(
            "acme", "Gone", "refund for Uma Underwood please", author="uma_u"
        )
        world.reddit.submit("acme", "Also", "my lawyer says refund, says Vic", author="vic_v")
        place.go(utc(19, "09:05"), "reddit")
        place.go(utc(19, "10:10"))
        purged = self.alerts["purged"] = place.alert("refund", "Uma Underwood")
        place.fill("anna", purged, "reply", {"text": "Dear Uma, sorry.", "how": "copy"})
        self.alerts["forgotten"] = place.alert("refund", "says Vic")
        world.reddit.delete(gone)
        place.go(utc(19, "11:20"), "reddit")
        place.cli("forget", "vic_v")
        place.deliver()

    def surveys(self) -> None:
        """Surveys by hooks, a newsletter that is muted, and files that are read in."""
        place, world = self.place, self.world
        world.move(utc(19, "12:00"))
        for number, (score, words) in enumerate(
            ((1, "Slow and rude"), (2, "Never again"), (9, "Fine, thank you"))
        ):
            status = place.hook("typeform", *typeform(number, score, words, bootstrap.now()))
            assert status < 300, status
        place.go(utc(19, "12:05"))
        self.alerts["survey"] = place.alert("low-score", "Slow and rude")
        place.fill("bert", self.alerts["survey"], "resolve", {"root_cause": "Our service or staff"})
        self.forum("I get the newsletter twice a day", author="rolf")
        self.forum("Tables wobble at your cafe in Leipzig, otherwise nice", author="susi")
        place.go(utc(19, "12:31"), "forum", "visits")
        world.web.refuse("/panel/v3/surveys/7/responses/1/details", 503)
        place.hook("panel", *panel(1))
        until(lambda: self._failures("panel") == 1)
        for number in range(9):
            world.sleep(60 * 2**number + 5)
            place.app.reception.work(bootstrap.now())
        place.app.cycle.listened("panel", bootstrap.now())

    def _failures(self, source: str) -> int:
        with self.place.app.store.read() as tx:
            return tx.sources.state(source).failures

    def taught(self) -> None:
        """What the team's verdicts have taught: models of every state."""
        store = self.place.app.store
        made = self._trained(sure=True)
        unsure = self._trained(sure=False)
        at = utc(15, "02:00")
        kept = [
            StoredModel(at=at, kind=PROBLEM, state=ModelState.FEW, figures={"verdicts": 12}),
            StoredModel(at=utc(16, "02:00"), kind=PROBLEM, state=ModelState.OFF, figures={}),
            unsure[PROBLEM],
            unsure[STAGE],
            made[PROBLEM],
            made[STAGE],
        ]
        with store.write() as tx:
            for model in kept:
                tx.models.add(model)
        self.place.app.plan.analyzer.team = None

    def _trained(self, *, sure: bool) -> dict[str, StoredModel]:
        """Trainings on a store of their own: on what can be learned, or on what cannot."""
        from random import Random

        dice = Random(7)
        bad = ["kiosk jam", "queue stuck", "voucher lost", "till frozen", "oven cold"]
        good = ["nice walk", "green lawn", "warm hall", "blue door", "soft chair"]
        analyze = Analyzer(deep=True).analyze
        store = open_store("sqlite://")
        items = []
        for number in range(120):
            needs = number % 2 == 0
            words = dice.choice(bad if needs else good)
            text = f"{words} {dice.choice(['today', 'again', 'there'])} {number}"
            items.append((Feedback(source_id="x", external_id=str(number), body=text, first_seen_at=utc(1, "00:00"),
                                   created_at=utc(1, "00:00")), needs))  # fmt: skip
        with store.write() as tx:
            added = tx.feedback.add([(item, analyze(item)) for item, _ in items])
            for (item, _), (_, needs) in zip(added, items, strict=True):
                at = utc(14, "09:00") + timedelta(minutes=item.id)
                useful = needs if sure else dice.random() < 0.5
                stage = (
                    ("purchase" if needs else "awareness")
                    if sure
                    else dice.choice(["use", "support", "purchase"])
                )
                tx.verdicts.add(
                    item.id,
                    VerdictKind.USEFUL,
                    "yes" if useful else "no",
                    actor="user:U0ANNA0001",
                    at=at,
                )
                tx.verdicts.add(item.id, VerdictKind.STAGE, stage, actor="user:U0ANNA0001", at=at)
        made = learn(store, analyze, utc(18, "02:00") if sure else utc(17, "02:00"))
        store.close()
        return made

    def last_day(self) -> None:
        """What is under way when the program stops: due steps, waiting messages, answers and clicks."""
        place, world = self.place, self.world
        world.move(utc(20, "08:30"))
        self.forum("App freezes on the map screen whenever I rotate it", author="tim", title="Map")
        self.forum(
            "The newest app crashes at start on my old phone, +49 341 7654321",
            author="ute",
            title="Start",
        )
        self.forum(
            "The wallet page freezes for a minute when I open it", author="yara", title="Wallet"
        )
        place.go(utc(20, "08:31"), "forum", "nps", "csat", "effort", "thumbs")
        self.alerts["open"] = place.alert("crash", "freezes on the map")
        self.alerts["late"] = place.alert("crash", "crashes at start")
        place.desk_app(ticket="t7", text="Where is my order?", who={"name": "Ed", "id": "c-5"}, stars=2, thread="k5",
                       at=bootstrap.now().isoformat())  # fmt: skip
        place.go(utc(20, "08:54"))
        self.alerts["asleep"] = place.alert("shop-trouble", "Where is my order")
        place.cli(
            "alerts",
            "snooze",
            str(self.alerts["asleep"]),
            "--for",
            "1d",
            "--members",
            "5",
            "--by",
            "U0ANNA0001",
        )
        place.click("bert", self.alerts["late"], "take")
        world.move(utc(20, "09:00"))
        world.reddit.fail_next(answers(500), path="/api/comment")
        world.reddit.weather = lambda asked: answers(503) if "/comments" in asked.path else None
        self._approve("unsure")
        place.publish()
        place.go(utc(20, "09:02"))
        place.go(utc(20, "09:20"), "fediverse", "github", "hn", "community", "ios", "reddit-search")
        self.messages()

    def _approve(self, name: str) -> None:
        self.world.people["carla"].click(
            self.place.line(self.alerts[f"reply-{name}"], "proposes"), "approve"
        )
        self.place.settle()

    def messages(self) -> None:
        """Messages and clicks of every fate at the moment in which the program is killed."""
        place, world = self.place, self.world
        world.move(utc(20, "09:28"))
        self._approve("tried")
        self._approve("due")
        with place.app.store.write() as tx:
            tried = tx.replies.of(self.alerts["reply-tried"])[0]
            attempt = {
                "attempts": 1,
                "attempted_at": bootstrap.now(),
                "not_before": bootstrap.now(),
                "error": "",
            }
            assert tx.replies.move(tried, state=ReplyState.ATTEMPTING, **attempt)
            assert tx.leases.take("publisher", HOLDER, bootstrap.now(), 120)
            tx.mutes.put(
                Mute(rule_id="wobble", until=utc(20, "08:00"), actor="user:U0CARLA003"),
                utc(19, "20:00"),
            )
        world.move(utc(20, "09:30"))
        self.forum("Please a refund for the tram ticket", author="veit")
        place.poll("forum")
        world.slack.fail_next(lost_after_commit, path=POST)
        place.deliver(0)
        self.forum("Please a refund for the bus ticket", author="wim")
        world.move(utc(20, "09:31"))
        place.poll("forum")
        with place.app.store.write() as tx:
            lost = next(one for one in tx.deliveries.due(bootstrap.now()) if one.kind == "card")
            assert tx.deliveries.claim(lost.id, bootstrap.now())
            assert tx.leases.take("sender", HOLDER, bootstrap.now(), 60)
        self.forum("Please a refund for the boat ticket", author="xaver")
        place.poll("forum")
        place.cli(
            "alerts",
            "escalate",
            str(self.alerts["open"]),
            "--note",
            "Anybody?",
            "--by",
            "U0ANNA0001",
        )
        place.cli(
            "alerts", "note", str(self.alerts["open"]), "the phone is an old one", "--by", "dana"
        )
        place.desk._worker.stop(5)
        world.people["anna"].click(place.card(self.alerts["law"]), "take")
        world.people["bert"].react(place.card(self.alerts["order"]), "white_check_mark")
        world.people["anna"].choose(
            place.card(self.alerts["captured"]),
            "more",
            f"snooze:{place.turn(self.alerts['captured'])}",
        )
        with place.app.store.write() as tx:
            asked = tx.inbox.waiting(bootstrap.now(), desk=True)[-1]
            tx.inbox.failed(asked.id, "TypeError", None)
        world.web.refuse("/panel/v3/surveys/7/responses/2/details", 503)
        before = self._failures("panel")
        place.hook("panel", *panel(2))
        until(lambda: self._failures("panel") > before)


def live(folder: Path) -> None:
    """Live through it, and keep what is left."""
    with acme(folder, utc(9, "07:59")) as place:
        year = Year(place)
        year.beginning()
        for chapter in (
            year.crash, year.outage, year.crash_again, year.answers_to_customers, year.reviews, year.law, year.raised, year.tickets,
            year.lowered, year.captured,
            year.flood, year.blind, year.people_who_go, year.surveys, year.taught, year.last_day,
        ):  # fmt: skip
            sys.stderr.write(f"{chapter.__name__}\n")
            chapter()
        keep(place)


def keep(place: Acme) -> None:
    """Write down the database as it is while the program runs, and what is seen in Slack."""
    with closing(sqlite3.connect(place.folder / "repwatch.db")) as held:
        (DATA / "database.sql").write_text("\n".join(dumped(held)) + "\n", "utf-8")
    with place.world.slack.holding:
        told = [one for name in CHANNELS for one in place.world.slack.visible(name)]
    told.sort(key=lambda one: one.ts)
    kept = ",\n".join(json.dumps(message_as_json(one), ensure_ascii=False) for one in told)
    (DATA / "slack.json").write_text(f"[\n{kept}\n]\n", "utf-8")


def dumped(database: sqlite3.Connection) -> Iterator[str]:
    """The statements that make the same database again; the index of words row by row, as FTS5 keeps it."""
    objects = database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ).fetchall()
    index = next(name for _, name, sql in objects if sql.startswith("CREATE VIRTUAL"))
    own = [
        (name, sql)
        for kind, name, sql in objects
        if kind == "table" and not name.startswith((index, "sqlite_"))
    ]
    behind = [name for kind, name, _ in objects if kind == "table" and name.startswith(f"{index}_")]
    yield "BEGIN;"
    for name, sql in sorted(own):
        yield f"{sql};"
        yield from rows(database, name)
    yield from (f"{sql};" for kind, name, sql in objects if kind == "index")
    yield f"{next(sql for _, name, sql in objects if name == index)};"
    for name in behind:
        yield f"DELETE FROM {name};"
        yield from rows(database, name)
    yield "DELETE FROM sqlite_sequence;"
    yield from rows(database, "sqlite_sequence")
    yield "COMMIT;"


def rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    """A statement for each row of a table."""
    columns = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
    quoted = " || ',' || ".join(f'quote("{column}")' for column in columns)
    order = "" if table.startswith("sqlite_") else " ORDER BY 1"
    for (values,) in database.execute(f"SELECT {quoted} FROM {table}{order}"):
        yield f"INSERT INTO {table} VALUES({values});"


def message_as_json(message: Message) -> dict[str, Any]:
    """A message as the tests put it into their workspace again; of lines below cards only what is used of them."""
    kept = {
        name: getattr(message, name)
        for name in ("ts", "channel", "user", "text", "metadata", "thread_ts")
    }
    blocks = (
        list(message.blocks)
        if message.thread_ts is None or "action_id" in str(message.blocks)
        else []
    )
    return kept | {"blocks": blocks, "reacted": list(message.reacted)}


if __name__ == "__main__":
    with TemporaryDirectory() as somewhere:
        live(Path(somewhere) / "acme")
