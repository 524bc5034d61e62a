"""Parses the feeds, the sitemap and the structured data of the site at the given address with independent libraries."""

import json
import sys
import urllib.request
from pathlib import Path

import extruct
import feedparser
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

if failures:
    sys.exit(f"{len(failures)} of these do not hold")
