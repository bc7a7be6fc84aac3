"""Names every Markdown link of the repository that leads to no file or to no heading; exit code 1 when there is one."""
import pathlib
import re
import subprocess
import sys
import urllib.parse

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)


def text_of(path):
    """The document without its code blocks, where a bracket is no link and a # no heading."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(path):
    """Headings as a browser of the repository names them: in lower case, blanks as dashes, punctuation gone."""
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in HEADING.findall(text_of(path))}


def trouble(document, link):
    """What is wrong with a link, or None. Links to other places are not looked at."""
    if re.match(r"[a-z]+:", link):
        return None
    name, _, anchor = link.partition("#")
    target = document.parent / urllib.parse.unquote(name) if name else document
    if not target.exists():
        return "there is no such file"
    if anchor and target.suffix == ".md" and anchor not in anchors(target):
        return "there is no such heading"
    return None


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md"], capture_output=True, check=True, text=True
    ).stdout
    found = 0
    for document in map(pathlib.Path, filter(None, listed.split("\0"))):
        for link in LINK.findall(text_of(document)):
            if what := trouble(document, link):
                print(f"{document}: {link}: {what}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
