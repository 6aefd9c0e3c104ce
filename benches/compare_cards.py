#!/usr/bin/env python3
"""Proves that every fact on every lead card of one lead desk is on the same card of another one.

    benches/compare_cards.py OLD_SALES NEW_SALES

Both are folders `sales/` of the same site and day. The first may be written by a version of Tagline that repeats the
shared parts on each card (until 0a18ee6), the second by any later one. Both are parsed as HTML, without a browser and
without a script. A card has the facts of its lead tag, its call to action and its campaign, and the first message. The
exit status is 1 if a fact is missing or different.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "col", "source"}
BLOCKS = set("address article aside blockquote details div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split())
# The elements that a start tag closes, and where it stops looking for them.
CLOSES = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
}


class Node:
    def __init__(self, name, attributes=(), parent=None):
        self.name, self.attributes, self.parent, self.children = name, dict(attributes), parent, []

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    def text(self):
        return clean("".join(self.texts()))

    def texts(self):
        for child in self.children:
            yield from child.texts() if isinstance(child, Node) else [child]

    def elements(self):
        return [child for child in self.children if isinstance(child, Node)]

    def all(self, name=None, kind=None):
        for child in self.elements():
            if child.fits(name, kind):
                yield child
            yield from child.all(name, kind)

    def first(self, name=None, kind=None):
        return next(self.all(name, kind), None)

    def own(self, name=None, kind=None):
        return [child for child in self.elements() if child.fits(name, kind)]

    def fits(self, name, kind):
        return (name is None or self.name == name) and (kind is None or kind in self.classes)


class Parser(HTMLParser):
    """Builds a tree. Ends elements whose end tags HTML allows to leave out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.open = Node("document")

    def handle_starttag(self, name, attributes):
        if name in BLOCKS:
            self.close({"p"}, {"div", "section", "li", "dd", "td", "main", "body", "blockquote", "article", "aside"})
        if name in CLOSES:
            self.close(*CLOSES[name])
        node = Node(name, attributes, self.open)
        self.open.children.append(node)
        if name not in VOID:
            self.open = node

    def close(self, names, until):
        node = self.open
        while node is not self.root and node.name not in until:
            if node.name in names:
                self.open = node.parent
                return
            node = node.parent

    def handle_endtag(self, name):
        node = self.open
        while node is not self.root and node.name != name:
            node = node.parent
        if node is not self.root:
            self.open = node.parent

    def handle_data(self, data):
        self.open.children.append(data)


def clean(text):
    return " ".join(text.split())


def parsed(path):
    parser = Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.root


def pages(folder):
    return [folder / "index.html", *sorted((folder / "cards").glob("*.html"))]


def link(node):
    """Returns the text and the target of the first link below a node."""
    found = node and node.first("a")
    return (found.text(), found.attributes["href"]) if found else None


def relative(target):
    """Returns a link's target as seen from the desk's folder."""
    return target.removeprefix("../")


def materials(section):
    return {(item.first("a").text(), relative(item.first("a").attributes["href"]), item.first("span", "meta").text()) for item in section}


def after(text, label):
    return clean(text.removeprefix(label)) if text.startswith(label) else None


# The old desk


def old_cards(folder):
    for path in pages(folder):
        for campaign in parsed(path).all("section", "campaign"):
            shared = old_campaign(campaign)
            for cta in campaign.all("section", "cta"):
                of_cta = old_cta(cta)
                for lead in cta.own("article"):
                    card = {**shared, **of_cta, **old_lead(lead)}
                    if "past" in lead.classes:
                        # Hidden on the card of another offer.
                        for key in ("expires", "file"):
                            card.pop(key, None)
                    yield lead.attributes["id"], card


def old_campaign(campaign):
    facts = {"campaign": campaign.attributes["id"], "campaign title": campaign.first("h2").text()}
    about = campaign.first("p", "about")
    facts["state"] = about.first("span", "state").text()
    facts["when"] = about.first("span", "when").text()
    for paragraph in campaign.first("div", "summary").own("p"):
        text = paragraph.text()
        if "landing page" not in text:
            facts["promise"] = text
            continue
        for target in paragraph.all("a"):
            if target.text() == "Its landing page":
                facts["landing page"] = target.attributes["href"]
            else:
                facts["after the end"] = (target.text(), target.attributes["href"])
        facts["former ids"] = [code.text() for code in paragraph.all("code")]
    facts["materials"] = materials(campaign.first("aside", "send").all("li"))
    notes = campaign.first("div", "notes")
    if notes:
        facts["notes"] = notes.text()
    return facts


# What later desks say in other words.
WORDS_NOW = {
    "runs with no end date": "no end date",
    "No known place": "no known place",
    "A place that is on no channel": "an unlisted place",
}

LABELS = {
    "Said beside it": "note",
    "The form asked for": "form",
    "It leads to": "leads to",
    "Leads to": "leads to",
    "Trial length": "trial",
    "Its former ids": "former ids of the call to action",
}


def old_cta(cta):
    facts = {}
    for row in cta.first("dl").elements():
        name, value = row.first("dt").text(), row.first("dd")
        text = value.text()
        if name == "Call to action":
            facts["label"] = text.removesuffix(" (not on the site today)")
            facts["present"] = facts["label"] == text
        elif name == "Code valid until":
            facts["expires"] = text.removesuffix(" (expired)")
            facts["expired"] = text.endswith(" (expired)")
        elif name == "File":
            facts["file"] = (*link(value), value.first("span", "meta").text())
        elif name in LABELS:
            facts[LABELS[name]] = text
    card = cta.first("div", "card")
    follow = card.first("section", "follow")
    if follow:
        facts["owner"] = link(follow)
        within = follow.first("strong")
        facts["within"] = within and within.text()
    first = card.first("section", "first")
    if first:
        facts["heading"], facts["message"] = first.first("h5").text(), first.first("blockquote").text()
    return facts


def old_lead(lead):
    row = [span.text() for span in lead.first("p", "row").own("span")]
    story = re.fullmatch(r"Came (.*?), saw “(.*)” and (.*)\.", lead.first("p", "story").text())
    facts = {
        "channel": row[0],
        "offer": row[1],
        "title": story[2],
        "did": story[3],
        "page": (link(lead.first("p", "story")) or [None, None])[1],
        "notes on the lead tag": {clean(item.text()) for item in lead.first("ul", "strip").own("li")},
    }
    first = lead.first("section", "first")
    if first:
        facts["message"] = first.first("blockquote").text()
    return facts


# The new desk


def new_cards(folder):
    for path in pages(folder):
        cards = parsed(path).first("div", "cards")
        for campaign in cards.own("ul") if cards else []:
            head, *rest = campaign.own("li")
            shared = new_campaign(campaign, head, rest, cards)
            for cta in rest:
                leads = [child for child in cta.own("p") if "id" in child.attributes]
                of_cta = new_cta(cta) if leads else {}
                for lead in leads:
                    yield lead.attributes["id"], new_card(cards, cta, lead, {**shared, **of_cta})


def new_campaign(campaign, head, rest, cards):
    state, promise, *others = head.own("p")
    facts = {"campaign": campaign.attributes["id"], "campaign title": head.first("h2").text()}
    facts["state"] = state.first("b").text()
    facts["when"] = after(state.text(), facts["state"])
    landing = link(promise)
    facts["landing page"] = landing and landing[1]
    facts["promise"] = clean(promise.text().removesuffix("Landing page" if landing else "It has no landing page today."))
    facts["former ids"] = []
    for paragraph in others:
        if "after" in paragraph.classes:
            facts["after the end"] = link(paragraph)
        elif "was" in paragraph.classes:
            facts["former ids"] = [code.text() for code in paragraph.all("code")]
        elif paragraph.text().startswith("Issued"):
            facts["issued"] = paragraph.text()
    follow = (head.own("p", "follow") or cards.own("p", "follow") or [None])[0]
    if follow:
        facts["owner"] = link(follow)
        within = follow.first("strong")
        facts["within"] = within and within.text()
    send = next((item for item in rest if "send" in item.classes), None)
    aside = send and send.first("aside")
    facts["materials"] = materials(aside.all("li")) if aside else set()
    notes = send and send.first("div", "notes")
    if notes:
        facts["notes"] = notes.text()
    return facts


def new_cta(cta):
    did, *others = [child for child in cta.own("p") if "id" not in child.attributes]
    facts = {"label": cta.first("h3").text(), "present": True, "did": did.text(), "code": did.first("b") and did.first("b").text()}
    if link(did):
        name, target = link(did)
        meta = re.search(re.escape(name) + r" \((.*?)\)", facts["did"])
        facts["file"], facts["did"] = (name, target, meta[1]), facts["did"].replace(meta[0], name)
    for paragraph in others:
        label = paragraph.first("i")
        if link(paragraph):
            facts["file"] = (*link(paragraph), after(paragraph.text(), link(paragraph)[0]))
            continue
        if not label:
            facts["present"] = False
            continue
        name, value = label.text(), after(paragraph.text(), label.text())
        if name in ("Code valid until", "Code expired on"):
            facts["expires"], facts["expired"] = value, name == "Code expired on"
        elif name == "It offered":
            facts["leads to"] = value
        else:
            facts[LABELS[name]] = value
    return facts


def new_card(cards, cta, lead, facts):
    extra = lead.parent.children[lead.parent.children.index(lead) + 1 :]
    extra = next((node for node in extra if isinstance(node, Node)), None)
    extra = extra if extra and "x" in extra.classes else Node("div")
    tag = lead.attributes["id"]
    name = lead.first("a")
    # On a desk of several pages, a script adds the address.
    assert (name.text(), name.attributes.get("href", f"#{tag}")) == (tag, f"#{tag}"), tag
    facts = {**facts, "channel": after(lead.text(), tag), "title": facts["campaign title"], "page": facts["landing page"]}
    details = set()
    for paragraph in extra.own("p"):
        if "seen" in paragraph.classes:
            facts["title"], facts["page"] = paragraph.text(), (link(paragraph) or [None, None])[1]
        elif "did" in paragraph.classes:
            facts["did"], facts["code"] = paragraph.text(), paragraph.first("b") and paragraph.first("b").text()
        else:
            details.add(paragraph.text())
    if not any(text.startswith(("Issued", "Closed")) for text in details):
        details.add(facts["issued"])
    facts["notes on the lead tag"] = details
    first = first_message(cards, cta, lead, extra)
    if first:
        facts["heading"], facts["message"] = first.first("h4").text(), filled(first.first("blockquote").text(), facts)
    return facts


def first_message(cards, cta, lead, extra):
    """Returns the section that desk.css shows for a card."""
    if extra.own("section", "first"):
        return extra.own("section", "first")[0]
    holder = lead if "own" in lead.classes else cta
    number = next((name for name in holder.classes if re.fullmatch(r"m\d+", name)), None)
    if number:
        return next(section for section in cards.own("section", "first") if number in section.classes)
    return (cta.own("section", "first") or [None])[0]


def filled(message, facts):
    """Puts the title and the code, which are on the card, in the place of their names."""
    values = {"title": facts["campaign title"], "code": facts["code"], "file": facts["code"]}
    return re.sub(r"\{(title|code|file)\}", lambda name: values[name[1]], message)


# The comparison


def differences(old, new):
    for key, value in old.items():
        value = WORDS_NOW.get(value, value) if isinstance(value, str) else value
        if key == "offer":
            if not has_offer(value, new):
                yield key, value, new.get("did")
        elif key == "notes on the lead tag":
            missing = {text for text in value if not has_detail(text, new[key])}
            if missing:
                yield key, missing, new[key]
        elif key == "heading":
            # A general message has its own heading; that of the message in the notes is in the notes.
            if value != new.get(key) and value not in new.get("notes", ""):
                yield key, value, new.get(key)
        elif key == "leads to":
            # A booking's host is in what the lead did.
            if value != new.get(key) and value not in new["did"]:
                yield key, value, new.get(key)
        elif key == "expired" and "expires" not in old:
            continue
        elif new.get(key) != value and not (value in (None, "", []) and not new.get(key)):
            yield key, value, new.get(key)


def has_offer(offer, new):
    """The offer is a part of what the lead did, or of the target: `wa.me/254700000000` as `WhatsApp, +254 700 000000`."""
    texts = [new["did"], new.get("leads to", ""), *new["notes on the lead tag"]]
    digits = re.sub(r"\D", "", offer)
    is_number = offer.startswith(("wa.me/", "+")) and any(digits == re.sub(r"\D", "", text) for text in texts)
    return is_number or offer == "form" or any(offer in text for text in texts)


def has_detail(text, details):
    # The old cards say `Its label then X`, and `Short link` in another element.
    same = {clean(detail.replace("Its label then:", "Its label then")) for detail in details}
    return text in same


def main():
    old_folder, new_folder = map(Path, sys.argv[1:3])
    new = dict(new_cards(new_folder))
    facts = cards = wrong = 0
    for tag, old in old_cards(old_folder):
        cards += 1
        facts += len(old)
        found = list(differences(old, new[tag])) if tag in new else [("card", tag, None)]
        wrong += len(found)
        for key, value, other in found[: 20 if wrong < 200 else 0]:
            print(f"{tag}: {key}: {value!r} is {other!r}")
    print(f"{cards} cards with {facts} facts: {wrong} missing or different; {len(new) - cards} cards more")
    sys.exit(1 if wrong or not cards else 0)


if __name__ == "__main__":
    main()
