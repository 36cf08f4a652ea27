#!/usr/bin/env bash
# whisper-normalizer 0.1.15, other languages: words in Hindi, Thai and Tamil are cut to pieces at their vowel signs.
#
# The guess: BasicTextNormalizer is the one for every language but English: it makes letters small and takes away
# punctuation, and unless `remove_diacritics=True` is asked for, it leaves the letters as they are.
#
# The behaviour: every character of Unicode's categories M, S and P becomes a space. For accented Latin letters that
# does no harm, as they are first put together into one character. The vowel signs of Indian scripts and Thai are of
# category M and have no such form: they vanish, and a space cuts the word there.
#
# Seen (2026-11-29):
#   French: 'café' (e and accent apart) -> 'café', 1 word
#   Hindi: 'नमस्ते दुनिया' of 2 word(s) -> 'नमस त द न य', 5 words
#   Thai: 'สวัสดี' of 1 word(s) -> 'สว สด', 2 words
#   Tamil: 'அறை சாவி' of 2 word(s) -> 'அற ச வ', 3 words
#   Hindi 'दिन' (day) and 'दान' (gift) become the same: True
#
# What follows: a word error rate in such a language, measured with it, is of fragments without their vowels: wrong
# vowels count as right and the number of words is too high. Use a normalizer for that script (the package has some
# for Indian ones), or one that keeps category M.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check whisper-normalizer==0.1.15

PYTHONIOENCODING=utf-8 PYTHONUTF8=1 "$tmp/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from whisper_normalizer.basic import BasicTextNormalizer

normalize = BasicTextNormalizer()
print("whisper-normalizer", version("whisper-normalizer"))
french = normalize("cafe\u0301").strip()
print(f"French: 'cafe\u0301' (e and accent apart) -> {french!r}, {len(french.split())} word")
results = {}
for language, text in (("Hindi", "नमस्ते दुनिया"), ("Thai", "สวัสดี"), ("Tamil", "அறை சாவி")):
    result = normalize(text).strip()
    results[language] = len(text.split()), len(result.split())
    print("{}: {!r} of {} word(s) -> {!r}, {} words".format(language, text, results[language][0], result, results[language][1]))
same = normalize("दिन").strip() == normalize("दान").strip()
print("Hindi 'दिन' (day) and 'दान' (gift) become the same:", same)
if (french, same) != ("caf\u00e9", True) or results != {"Hindi": (2, 5), "Thai": (1, 2), "Tamil": (2, 3)}:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
