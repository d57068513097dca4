# face.py - judge what "bzn-ping status" made: page, badges, prom, hostile,
# each in the current directory; payloads NOW prints names that would run, if
# they could; structure FILE... is what a reader that hears a page needs of
# it, contrast CSS... what one needs who sees little.
import base64, glob, hashlib, html.parser, itertools, json, os, re, sys
import xml.etree.ElementTree as X


def page():
    text = open("out/index.html").read()
    class P(html.parser.HTMLParser):
        def __init__(s):
            super().__init__()
            s.tags, s.kept, s.inside = [], {}, None
        def handle_starttag(s, tag, attrs):
            s.tags.append((tag, dict(attrs)))
            s.inside = tag if tag in ("style", "script") else None
            if s.inside:
                s.kept.setdefault(tag, []).append("")
        def handle_data(s, d):
            if s.inside:
                s.kept[s.inside][-1] += d
        def handle_endtag(s, tag):
            s.inside = None
    p = P()
    p.feed(text)
    # Nothing is fetched: no address but of its own files.
    for tag, a in p.tags:
        for k, v in a.items():
            assert not k.startswith("on"), (tag, a)
            assert k != "style", (tag, a)
            if k in ("src", "href", "action", "srcset", "data"):
                assert v in ("index.html", "feed.atom",
                    "summary.json", "data:,"), (tag, a)
    assert "url(" not in text.replace("url(#hatch)", "")
    assert "@import" not in text
    # All that runs or colours is what the policy names.
    policy = next(a["content"] for t, a in p.tags
        if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'"), policy
    assert "unsafe" not in policy and "*" not in policy
    assert "frame-ancestors" not in policy
    want = lambda t: "'sha256-" + base64.b64encode(hashlib.sha256(
        t.encode()).digest()).decode() + "'"
    assert len(p.kept["script"]) == 1
    for t in p.kept["style"] + p.kept["script"]:
        assert want(t) in policy
    # One drawing a row, with a sentence; the figures in a table.
    bars = [a for t, a in p.tags if t == "svg" and
        a.get("class") == "bars"]
    assert len(bars) == 8
    for a in bars:
        assert a["role"] == "img", a
        assert re.match(r"^~?(\d+\.\d\d %|n/a) up in \d+ days",
            a["aria-label"].replace("n/a up", "n/a up")), a
    assert sum(t == "details" for t, _ in p.tags) == 8
    assert sum(t == "table" for t, _ in p.tags) == 8
    for word in ("▲</span> down", "◐</span> degraded",
        "?</span> not known", "■</span> in maintenance",
        "●</span> up"):
        assert word in text, word
    assert "2 of 7 nodes are down, 1 is degraded, 1 is not " \
        "known, 1 is in maintenance" in text
    assert "My &lt;grid&gt; &amp; &quot;co&quot;" in text
    assert "down &lt;i&gt;" in text and "<i>" not in text
    assert "kernel &lt;b&gt;" in text
    assert 'Data as of <time id="taken" datetime="2026-11-27T' \
        in text
    assert '<span id="old" role="status" hidden>' in text
    # The day that it was down all of: its share of the height.
    row = text[text.index("gone &amp; back"):]
    row = row[:row.index("</li>")]
    assert "1 day" in row or "with time down" in row
    assert 'class="d"' in row and 'class="t"' in row
    assert 'class="g"' in row


def structure():
    void = set("meta link path line rect circle br input img".split())
    class P(html.parser.HTMLParser):
        def __init__(s):
            super().__init__()
            s.tags, s.open, s.texts = [], [], []
        def handle_starttag(s, tag, attrs):
            # What HTML lets be left out: td, th, tr, thead.
            while s.open and tag in ("td", "th", "tr", "tbody") and \
                    s.open[-1][0] in {"tr": ("td", "th", "tr"),
                    "tbody": ("td", "th", "tr", "thead")}.get(tag,
                    ("td", "th")):
                s.open.pop()
            node = (tag, dict(attrs), [], [t for t, *_ in s.open])
            s.tags.append(node)
            if tag not in void:
                s.open.append(node)
        def handle_startendtag(s, tag, attrs):
            s.tags.append((tag, dict(attrs), [], [t for t, *_ in s.open]))
        def handle_data(s, d):
            for node in s.open:
                node[2].append(d)
        def handle_endtag(s, tag):
            while s.open and s.open[-1][0] != tag and \
                    s.open[-1][0] in ("td", "th", "tr", "tbody", "thead"):
                s.open.pop()
            assert s.open and s.open.pop()[0] == tag, tag
    for path in sys.argv[2:]:
        p = P()
        p.feed(open(path).read())
        p.close()
        assert not p.open, p.open
        every = lambda *names: [n for n in p.tags if n[0] in names]
        text = lambda n: "".join(n[2]).strip()
        assert every("html")[0][1].get("lang") == "en"
        assert text(every("title")[0])
        for one in "title", "h1", "main", "header", "footer":
            assert len(every(one)) == 1, one
        level = 0
        for n in every("h1", "h2", "h3", "h4"):
            assert int(n[0][1]) <= level + 1, text(n)
            level = int(n[0][1])
            assert text(n)
        ids = [n[1]["id"] for n in p.tags if "id" in n[1]]
        assert len(ids) == len(set(ids)), ids
        for n in every("nav"):
            assert n[1].get("aria-label"), n
        for n in every("a", "summary", "button"):
            assert text(n), n
        for n in every("svg"):
            assert n[1].get("aria-hidden") == "true" or (
                n[1].get("role") == "img" and n[1].get("aria-label")), n
        for n in every("img"):
            assert "alt" in n[1], n
        for n in every("th"):
            assert n[1].get("scope") in ("col", "row"), n
        for n in every("table"):
            assert any("th" == t[0] for t in p.tags)
        for n in every("li"):
            assert n[3][-1] in ("ul", "ol"), n
        for n in p.tags:
            assert not int(n[1].get("tabindex", "0")), n
            for key in "aria-labelledby", "aria-describedby":
                assert n[1].get(key, ids[0]) in ids, n
        # A state is a word; what is drawn beside it is not read.
        for n in p.tags:
            if "state" in n[1].get("class", "").split():
                assert n[1].get("aria-hidden") or \
                    re.search("[a-z]{2}", text(n)), n


def contrast():
    css = "".join(open(f).read() for f in sys.argv[2:])
    def light(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.04045 else
            ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    def ratio(a, b):
        a, b = sorted((light(a), light(b)), reverse=True)
        return (a + 0.05) / (b + 0.05)
    roots = re.findall(r":root \{([^}]*)\}", css)
    assert len(roots) == 2          # light, dark
    # No colour is said anywhere else but black and white in print.
    rest = re.sub(r":root \{[^}]*\}", "", css)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rest)) <= {"#000000",
        "#888888"}, re.findall(r"#[0-9a-f]{3,8}\b", rest)
    assert not re.search(r"\b(rgb|hsl|opacity)\b", rest)
    for root in roots:
        of = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", root))
        for ground in "ground", "panel", "badground":
            for ink in "text", "soft", "blue", "orange":
                assert ratio(of[ink], of[ground]) >= 4.5, (ink, ground,
                    ratio(of[ink], of[ground]))
        for drawn in "bar", "bar2", "soft", "text":
            assert ratio(of[drawn], of["ground"]) >= 3, (drawn,
                ratio(of[drawn], of["ground"]))


def badges():
    atom = "{http://www.w3.org/2005/Atom}"
    feed = X.parse("out/feed.atom").getroot()
    assert feed.tag == atom + "feed"
    entries = feed.findall(atom + "entry")
    titles = [e.find(atom + "title").text for e in entries]
    assert "down <i>: down" in titles, titles
    assert "gone & back: up again" in titles, titles
    assert len({e.find(atom + "id").text for e in entries}) == \
        len(entries)
    for e in entries:
        assert e.find(atom + "id").text.startswith("urn:uuid:")
        assert e.find(atom + "updated").text.endswith("Z")
    n = 0
    for path in glob.glob("out/badge/*.svg"):
        n += 1
        # One that drops what can run, and what is of another kind, has
        # nothing to drop; and all colours can be told apart.
        text = open(path).read()
        assert not re.search(r"script|foreignObject|style|href|url\(|\bon",
            text, re.I) or "gone" in text, path
        assert os.path.getsize(path) <= 2048, path
        root = X.parse(path).getroot()
        tags = {x.tag.split("}")[1] for x in root.iter()}
        assert tags <= {"svg", "title", "rect", "path", "g",
            "text"}, tags
        shield = json.load(open(path[:-3] + "json"))
        assert shield["schemaVersion"] == 1
        assert root.find("{*}title").text == \
            shield["label"][:24] + ": " + shield["message"]
    assert n == 8
    s = json.load(open("out/badge/%s.json" % (64 * "b")))
    assert s["message"].startswith("down, ") and \
        s["color"] == "orange", s


# What RFC 4287 asks of a feed; prints the ids of its entries, and titles.
def atom():
    ns = "{http://www.w3.org/2005/Atom}"
    feed = X.parse("out/feed.atom").getroot()
    assert feed.tag == ns + "feed"
    when = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
    one = lambda e, name: e.findall(ns + name)
    def text(e, name):
        assert len(one(e, name)) == 1, name
        return one(e, name)[0].text
    for e in [feed] + one(feed, "entry"):
        assert re.match(r"(https?://|urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-"
            "[0-9a-f]{12}$)", text(e, "id"))
        assert text(e, "title")
        assert when.match(text(e, "updated"))
    assert text(one(feed, "author")[0], "name")
    assert len([l for l in one(feed, "link")
        if l.get("rel") == "self"]) <= 1
    known = set("id title updated author link entry".split())
    assert {c.tag[len(ns):] for c in feed} <= known
    for e in one(feed, "entry"):
        assert when.match(text(e, "published"))
        assert text(e, "published") <= text(e, "updated") <= \
            text(feed, "updated")
        assert one(e, "content")[0].get("type") == "text"
        print(text(e, "id"), text(e, "title"), sep="\t")


# The members that clients of status pages know, with their types.
def summary():
    s = json.load(open("out/summary.json"))
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
    def has(o, **of):
        for name, form in of.items():
            assert re.fullmatch(form, str(o[name])), (name, o[name])
    text, maybe = r"(?s).+", "(?s)None|.+"
    has(s["page"], id=text, name=text, url=maybe, time_zone=text,
        updated_at=when)
    has(s["status"], indicator="none|minor|major|critical",
        description=text)
    for c in s["components"]:
        has(c, id=text, name=text, created_at=when, updated_at=when,
            position=r"\d+", description=maybe, showcase="True|False",
            group_id="None", page_id=text, group="False",
            only_show_if_degraded="True|False", status="operational|"
            "degraded_performance|partial_outage|major_outage|"
            "under_maintenance")
    assert [c["position"] for c in s["components"]] == \
        list(range(1, len(s["components"]) + 1))
    for i in s["incidents"] + s["scheduled_maintenances"]:
        has(i, id=text, name=text, created_at=when, updated_at=when,
            monitoring_at="None", resolved_at="None",
            impact="none|minor|major|critical|maintenance",
            shortlink=maybe, page_id=text, status="investigating|"
            "identified|monitoring|scheduled|in_progress|verifying")
        for u in i["incident_updates"]:
            has(u, id=text, status=text, body=text, incident_id=i["id"],
                created_at=when, updated_at=when, display_at=when)
        for c in i["components"]:
            assert c["id"] in {x["id"] for x in s["components"]}
    for m in s["scheduled_maintenances"]:
        has(m, scheduled_for=when, scheduled_until=when)


def prom():
    seen, types, last, got = set(), {}, None, {}
    for line in open("m.prom"):
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert name not in seen, name   # all in one place
            seen.add(name)
            continue
        if line.startswith("# TYPE "):
            types[line.split()[2]] = line.split()[3]
            last = line.split()[2]
            continue
        m = re.fullmatch(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|'
            r'\\[\\"n])*",?)*)\})? (-?[0-9.]+)\n', line)
        assert m, line
        assert m[1] == last, line
        assert line not in got, line
        got[m[1] + "{" + (m[2] or "") + "}"] = m[3]
    assert types["bzn_probe_failures_total"] == "counter"
    assert all(v == "gauge" for k, v in types.items()
        if not k.endswith("_total"))
    def of(name, node, more="", family="any"):
        return got.get('%s{node="%s",family="%s"%s}' %
            (name, node * (64 // len(node)), family, more))
    assert of("bzn_node_up", "a") == "1"
    assert of("bzn_node_up", "b") == "0"
    assert of("bzn_node_up", "e") == "1"
    assert of("bzn_node_up", "9") is None
    assert of("bzn_node_state", "e") == "2"
    assert of("bzn_node_state", "9") == "0"
    assert of("bzn_incident_open", "b") == "1"
    assert of("bzn_incident_open", "a") == "0"
    assert of("bzn_uptime_ratio", "a", ',window="7d"') == "1.0000"
    assert of("bzn_uptime_ratio", "9", ',window="24h"') is None
    assert of("bzn_probe_seconds", "a", ',phase="total"') == \
        "0.142000"
    assert of("bzn_probe_seconds", "b", ',phase="total"') is None
    assert of("bzn_probe_failures_total", "c",
        ',class="connect"') == "4"
    assert of("bzn_node_up", "f6", family="v6") == "0"
    assert got["bzn_sweep_duration_seconds{}"] == "0.250"
    assert got["bzn_sweep_end_seconds{}"] == "1795780800.250"
    assert int(got["bzn_alert_pending{}"]) > 0


def hostile():
    allowed = set("html head meta title link style script body "
        "header b bdi nav a main h1 h2 h3 p span time ul li svg div "
        "defs pattern path details summary table thead tbody tr "
        "th td ol footer".split())
    class P(html.parser.HTMLParser):
        def handle_starttag(s, tag, attrs):
            assert tag in allowed, tag
            for k, v in attrs:
                assert not k.startswith("on"), (tag, attrs)
                assert "javascript:" not in (v or "") or \
                    k in ("content", "title", "aria-label")
            if tag == "script":
                s.scripts += 1
            if tag in ("a", "link"):
                href = dict(attrs)["href"]
                assert re.fullmatch(r"index\.html|page-\d+\.html|"
                    r"feed\.atom|summary\.json|data:,", href), href
    for path in glob.glob("out/*.html"):
        p = P()
        p.scripts = 0
        text = open(path).read()
        p.feed(text)
        assert p.scripts == 1, path
        for c in "\u202e\u2066\x1b\x7f\r":
            assert c not in text, (path, c)
    for path in glob.glob("out/badge/*.svg") + ["out/feed.atom"]:
        X.parse(path)


def payloads():
    now = int(sys.argv[2])
    act = "document.title='PWNED'"
    shapes = ["<script>%s</script>", "<img src=x onerror=%s>",
        "\"><script>%s</script>", "'><svg onload=%s>",
        "\" onmouseover=%s x=\"", "<svg><animate onbegin=%s>",
        "</title><script>%s</script>", "</style><script>%s</script>",
        "</script><script>%s</script>", "<!--<script>%s</script>",
        "]]><script>%s</script>", "<iframe src=javascript:%s>",
        "<a href=javascript:%s>x</a>", "{{#a}}<b>%s{{/a}}",
        "{{> page.css}}%s", "<math><mi//xlink:href=\"data:x,%s\">",
        "<details open ontoggle=%s>", "<body onload=%s>",
        "<input autofocus onfocus=%s>", "\\u003cscript>%s</script>",
        "&lt;script&gt;%s", "&#x3c;script>%s</script>",
        "<scr\0ipt>%s</scr\0ipt>".replace("\0", "\u200b"),
        "<meta http-equiv=refresh content='0;url=//x/%s'>",
        "<link rel=stylesheet href=//x/%s>"]
    tails = ["", "\u202e", "\x1b[31m", "\u2066", "\x7f", "'\"`",
        "\r\n", "\u2028", "-->"]
    for i, (s, t) in enumerate(itertools.product(shapes, tails)):
        print(json.dumps({"node": "%064x" % i, "found": "oooo",
            "name": t + s % act, "from": now - 360000}))
    print(json.dumps({"node": "%064x" % 999, "found": "oooo",
        "name": "n" * 10240, "from": now - 360000}))
    print(json.dumps({"maint": "<script>%s</script>" % act,
        "from": now + 1000, "to": now + 9000}))


globals()[sys.argv[1]]()
