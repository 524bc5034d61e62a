"""Parses the feeds, the sitemap and the structured data of the site at the given address with independent libraries."""

import json
import sys
import urllib.request
from pathlib import Path

import extruct
import feedparser
import mf2py
from lxml import etree

origin, post, writer, tag = sys.argv[1:]
failures = []


def get(path):
    with urllib.request.urlopen(origin + path) as answer:
        return answer.read()


def check(name, holds, found):
    print(f"  {'ok ' if holds else 'NO '} {name}: {found}")
    if not holds:
        failures.append(name)


print("Feeds, by feedparser, and Atom by a schema of RFC 4287")
schema = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
for of in ["", writer, tag]:
    for file in ["atom.xml", "rss.xml"]:
        content = get(f"{of}/{file}")
        feed = feedparser.parse(content)
        whole = [entry for entry in feed.entries if entry.get("content") and entry.get("published_parsed") and entry.get("author")]
        is_good = not feed.bozo and feed.entries and len(whole) == len(feed.entries)
        check(f"{of}/{file}", is_good, f"{feed.version}, {len(feed.entries)} entries")
        if file == "atom.xml":
            is_valid = schema.validate(etree.fromstring(content))
            check(f"{of}/{file}", is_valid, schema.error_log.last_error or "valid")
    feed = json.loads(get(f"{of}/feed.json"))
    named = all(item["content_html"] and item["authors"] for item in feed["items"])
    check(f"{of}/feed.json", feed["version"].endswith("/1.1") and named, f"{len(feed['items'])} items")

content = get(f"{post}/comments.atom")
feed = feedparser.parse(content)
replies = [entry for entry in feed.entries if entry.get("thr_in-reply-to")]
check(f"{post}/comments.atom", len(replies) == 20, f"{feed.version}, {len(replies)} comments")
check(f"{post}/comments.atom", schema.validate(etree.fromstring(content)), schema.error_log.last_error or "valid")

print("Addresses, by lxml")
index = etree.fromstring(get("/sitemap.xml"))
files = [element.text.removeprefix(origin) for element in index.iter("{*}loc")]
addresses = [element.text for file in files for element in etree.fromstring(get(file)).iter("{*}loc")]
check("/sitemap.xml", origin + post in addresses, f"{len(files)} files, {len(addresses)} addresses")

print("Structured data, by extruct")
for path, types in [("/", ["WebSite"]), (post, ["BlogPosting", "BreadcrumbList"]), (writer, ["ProfilePage"])]:
    data = extruct.extract(get(path), base_url=origin + path, syntaxes=["json-ld", "opengraph"], errors="strict")
    found = [part["@type"] for part in data["json-ld"]]
    graph = dict(data["opengraph"][0]["properties"]) if data["opengraph"] else {}
    check(path, found == types and graph.get("og:title") and graph.get("og:url") == origin + path, f"{', '.join(found)}; {len(graph)} properties of Open Graph")

print("Microformats, by mf2py")


def microformat(path, kind):
    """Returns the only microformat of this kind that is not within another one."""
    items = mf2py.parse(doc=get(path).decode(), url=origin + path)["items"]
    [item] = [item for item in items if item["type"] == [kind]]
    return item


def is_author(card):
    """Returns whether this is the card of a person with a name and the address of their profile."""
    properties = card["properties"]
    return card["type"] == ["h-card"] and properties["name"][0] and properties["url"][0].startswith(f"{origin}/user/")


entry = microformat(post, "h-entry")["properties"]
is_whole = all(entry.get(name) for name in ["name", "published", "content"])
check(post, is_whole and entry["url"] == [origin + post] and is_author(entry["author"][0]), f"h-entry “{entry['name'][0]}”")
card = microformat(writer, "h-card")["properties"]
is_same = card["url"][0] == origin + writer and card["uid"] == [origin + writer]
check(writer, is_same and card["name"][0] and card["nickname"][0] in writer, f"h-card “{card['name'][0]}”")
for path in ["/", writer, tag]:
    entries = [child["properties"] for child in microformat(path, "h-feed")["children"] if child["type"] == ["h-entry"]]
    whole = [entry for entry in entries if entry["url"] and entry["name"] and entry["published"] and is_author(entry["author"][0])]
    check(path, entries and len(whole) == len(entries), f"h-feed of {len(entries)} entries")

if failures:
    sys.exit(f"{len(failures)} of these do not hold")
