"""Writes model-server/Text/AccentTable.cs: for each character of the basic plane, what is left of its canonical decomposition without
nonspacing marks. The server runs without the library that .NET would ask for this. Hangul is decomposed by rule, not by table.
Run it by hand when a newer Unicode is wanted: python3 build/accents.py
"""
import pathlib
import unicodedata

PAIRS_A_LINE = 10
HANGUL = range(0xAC00, 0xD7A4)

pairs = []
for code in range(0x80, 0x10000):
    character = chr(code)
    if 0xD800 <= code < 0xE000 or code in HANGUL:
        continue
    bare = "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    if len(bare) == 1 and bare != character and ord(bare) < 0x10000:
        pairs.append(f"\\u{code:04X}\\u{ord(bare):04X}")

lines = ["".join(pairs[i:i + PAIRS_A_LINE]) for i in range(0, len(pairs), PAIRS_A_LINE)]
text = "\n".join(f'        "{line}"{" +" if i + 1 < len(lines) else ";"}' for i, line in enumerate(lines))
target = pathlib.Path(__file__).parent.parent / "model-server" / "Text" / "AccentTable.cs"
target.write_text(f"""namespace Slipway.ModelServer.Text;

/// <summary>Made by <c>build/accents.py</c> from Unicode {unicodedata.unidata_version}; do not edit.</summary>
internal static class AccentTable
{{
    /// <summary>Each character that carries accents, before the one that is left without them.</summary>
    public const string Pairs =
{text}
}}
""", encoding="utf-8")
print(len(pairs))
