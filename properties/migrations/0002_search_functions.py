"""The database's function that folds text for every search, and the folded text of a property.

`searchable(text)` folds text as the database keeps and compares it. `unaccent` knows neither composed Cyrillic nor 52
Latin letters, `lower` no final sigma, and both follow the locale of the server; `casefold` is new in PostgreSQL 18.
What stands here is the same in every version and locale:

- composed and decomposed letters, full-width and presentation forms are one (NFKD), without accents, Hebrew and Arabic
  points, tatweel and what the eye cannot see. Signs that make another letter of it stay: the kana's voicing, vowels of India;
- capitals, final sigma, alef, teh marbuta, katakana and foreign digits as small letters, sigma, alef, heh, hiragana, digits;
- scripts that write no spaces between words (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) get a space on both sides of
  each letter, so that a trigram index answers for one letter of them, too: to it each of them is a word.
"""

from django.db import migrations, models

# Combining classes 1, 10-35 and 200-240 and all of category Cf, tatweel, the grapheme joiner and variation selectors.
MARKS = (
    r"\u00AD\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1-\u05C2\u05C4-\u05C5\u05C7\u0600-\u0605"
    r"\u0610-\u061A\u061C\u0640\u064B-\u065F\u0670\u06D6-\u06DD\u06DF-\u06E4\u06E7-\u06E8\u06EA-\u06ED"
    r"\u070F\u0730-\u074A\u07EB-\u07F3\u07FD\u0816-\u0819\u081B-\u0823\u0825-\u0827\u0829-\u082D"
    r"\u0859-\u085B\u0890-\u089F\u08CA-\u08FF\u0951-\u0954\u09FE\u0F18-\u0F19\u0F35\u0F37\u0F39"
    r"\u0F82-\u0F83\u0F86-\u0F87\u0FC6\u108D\u135D-\u135F\u17DD\u180E\u18A9\u1939-\u193B\u1A17-\u1A18"
    r"\u1A75-\u1A7F\u1AB0-\u1ABD\u1ABF-\u1ACE\u1B6B-\u1B73\u1CD0-\u1CD2\u1CD4-\u1CE0\u1CE2-\u1CE8\u1CED"
    r"\u1CF4\u1CF8-\u1CF9\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u206F\u20D0-\u20DC\u20E1"
    r"\u20E5-\u20F0\u2CEF-\u2CF1\u2DE0-\u2DFF\u302A-\u302F\uA66F\uA674-\uA67D\uA69E-\uA69F\uA6F0-\uA6F1"
    r"\uA8E0-\uA8F1\uA92B-\uA92D\uAAB0\uAAB2-\uAAB4\uAAB7-\uAAB8\uAABE-\uAABF\uAAC1\uFB1E\uFE00-\uFE0F"
    r"\uFE20-\uFE2F\uFEFF\uFFF9-\uFFFB\U000101FD\U000102E0\U00010376-\U0001037A\U00010A0D\U00010A0F"
    r"\U00010A38-\U00010A3A\U00010AE5-\U00010AE6\U00010D24-\U00010D27\U00010EAB-\U00010EAC"
    r"\U00010F46-\U00010F50\U00010F82-\U00010F85\U000110BD\U000110CD\U00011100-\U00011102"
    r"\U00011366-\U00011374\U0001145E\U00013430-\U00013438\U00016AF0-\U00016AF4\U00016B30-\U00016B36"
    r"\U0001BC9E\U0001BCA0-\U0001BCA3\U0001D165-\U0001D169\U0001D16D-\U0001D182\U0001D185-\U0001D18B"
    r"\U0001D1AA-\U0001D1AD\U0001D242-\U0001D244\U0001E000-\U0001E02A\U0001E130-\U0001E136\U0001E2AE"
    r"\U0001E2EC-\U0001E2EF\U0001E8D0-\U0001E8D6\U0001E944-\U0001E949\U000E0001-\U000E01EF"
)
# A letter of the first line is the one under it in the second. In groups, because `translate` looks through all of its
# letters for each letter of a text: only a group that the text has a letter of is looked through.
LETTERS = {
    "latin": (
        "ÆÐØÞðøĐđĦħıŁłŊŋŒŦŧƁƊƏƘƙƝɓɗəɲ",
        "ædoþdoddhhillnnœttbdekknbden",
    ),
    "greek": (
        "ͰͲͶͿΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςϏϘϚϜϞϠϷϺϽϾϿ",
        "ͱͳͷϳαβγδεζηθικλμνξοπρστυφχψωσϗϙϛϝϟϡϸϻͻͼͽ",
    ),
    "cyrillic": (
        "ЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐҒҚҢҮҰҺӘӨ",
        "ђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґғқңүұһәө",
    ),
    "arabic": (
        "ةىٱکڪھہۃیېە",
        "هياككهههييه",
    ),
    "kana": (
        "ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロヮワヰヱヲンヵヶヽ",
        "ぁあぃいぅうぇえぉおかきくけこさしすせそたちっつてとなにぬねのはひふへほまみむめもゃやゅゆょよらりるれろゎわゐゑをんゕゖゝ",
    ),
    "signs": (
        (
            "«»ʹʻʼʽʾʿˈˊˋ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙၀၁၂၃၄၅၆၇၈၉០១២៣៤៥៦"
            "៧៨៩‐‒–—―‘’‚‛“”„‟′‵⁃⁄−"
        ),
        (
            "\"\"'''''''''01234567890123456789012345678901234567890123456789012345678901234567890123456"
            "789-----''''\"\"\"\"''-/-"
        ),
    ),
    "others": (
        (
            "ĸƀƂƃƄƆƇƈƉƋƌƎƐƑƒƓƔƖƗƚƜƞƟƢƤƥƦƧƩƫƬƭƮƱƲƳƴƵƶƷƸƼǝǤǥǶǷȜȠȡȢȤȥȴȵȶȷȺȻȼȽȾȿɀɁɃɄɅɆɇɈɉɊɋɌɍɎɏɑɔɕɖɛɠɡɦɨɫ"
            "ɬɭɱɳɵɼɽɾʂʈʉʋʐʑʝʠᵬᵭᵮᵯᵰᵱᵲᵳᵴᵵᵶᵽᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶖᶙỺỼỾỿⱠⱡⱢⱣⱤⱥⱦⱧⱨⱩⱪⱫⱬⱭⱮⱯⱰⱱⱲⱳⱴⱵⱸⱺⱾⱿꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸ"
            "ꜺꜼꜾꝀꝁꝂꝃꝄꝅꝆꝈꝉꝊꝋꝌꝍꝎꝐꝑꝒꝓꝔꝕꝖꝗꝘꝙꝚꝜꝞꝟꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞎꞐꞑꞒꞓꞔꞕꞖꞗꞘꞙꞚꞜꞞꞠꞡꞢꞣꞤꞥꞦꞧꞨꞩꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞹꞺꞼ"
            "ꞾꟀꟂꟄꟅꟆꟇꟈꟉꟊꟐꟖꟘꟵꬴꬷꬸꬹꬺꬻꭉꭎꭒꭖꭗꭘꭙꭚ𝼉𝼑𝼓𝼖𝼚𝼛𝼝𝼞ѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҔҖҘҜҞҠҤҦҨҪҬҲҴҶҸҼҾӀӃӅӇӉӋӍӔӠӶӺӼӾԀԂԄ"
            "ԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮᲀᲁᲂᲃᲄᲅᲆᲇᲈꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅ"
            "ՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮ"
            "ᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿ"
        ),
        (
            "kbbbƅoccdddeeffgɣɩilɯnoƣppʀƨʃttttʊvyyzzʒƹƽeggƕƿȝndȣzzlntjaccltszɂbuʌeejjqqrryyaocdegghil"
            "llmnorrrstuvzzjqbdfmnprrstzpbdfgklmnprsvxzadeiuỻỽyylllprathhkkzzamɐɒvwwvⱶeoszꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹ"
            "ꜻꜽꜿkkkkkkꝇllooooꝏppppppqqqqꝛꝝvvꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥlnnccchbbffꞛꞝꞟggkknnrrsshɜglɪʞʇjꭓꞵꞷuuꞻꞽ"
            "ꞿꟁꟃcszddssꟑꟗꟙꟶelllmnruuxxxxytllriocsѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏҕҗҙҝҟҡҥҧҩҫҭҳҵҷҹҽҿӏӄӆӈӊӌӎӕӡӷӻӽӿԁԃԅ"
            "ԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯвдосттъѣꙋꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛաբգդեզէըթժիլխծկհձղճմյ"
            "նշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხ"
            "ჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿ"
        ),
    ),
}
MANY = {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "þ": "th", "…": "..."}
# An accent that stands alone is an apostrophe; decomposed it would be a space.
ALONE = "´`΄᾽᾿῾"
UNSPACED = (
    r"\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3021-\u3029\u303B\u3041-\u30FF"
    r"\u3105-\u312F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\U00020000-\U000323AF"
)


def folding():
    """As SQL: statements about `x`."""
    yield f"x := pg_catalog.translate(text, {quoted(ALONE)}, {quoted(len(ALONE) * chr(39))});"
    yield "x := pg_catalog.normalize(x, 'NFKD');"
    yield f"x := pg_catalog.regexp_replace(x COLLATE \"C\", {quoted(f'[{MARKS}]')}, '', 'g');"
    for letters, folded in LETTERS.values():
        yield f'IF x COLLATE "C" ~ {quoted(f"[{letters}]")} THEN'
        yield f"    x := pg_catalog.translate(x, {quoted(letters)}, {quoted(folded)});"
        yield "END IF;"
    for letter, letters in MANY.items():
        yield f"x := pg_catalog.replace(x, {quoted(letter)}, {quoted(letters)});"
    yield "x := pg_catalog.normalize(pg_catalog.lower(x COLLATE \"C\"), 'NFC');"
    yield f"RETURN pg_catalog.regexp_replace(x COLLATE \"C\", '([{UNSPACED}])', ' \\1 ', 'g');"


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


# IMMUTABLE, for generated columns: nothing in it depends on a dictionary, a setting or a locale. In plpgsql, because a
# plain function is put into the statement. ASCII, the most of it, needs none of that.
newline = "\n    "
SEARCHABLE = f"""
CREATE FUNCTION searchable(text text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    x text;
BEGIN
    IF pg_catalog.octet_length(text) = pg_catalog.char_length(text) THEN
        RETURN pg_catalog.translate(pg_catalog.lower(text COLLATE "C"), '`', $$'$$);
    END IF;
    {newline.join(folding())}
END $body$
"""

# The folded text of a property is kept: folding a long description takes as long as folding a hundred names. The function
# names the schema of `searchable`, because a restore has no search path; in plpgsql, because a plain one is put into the
# statement, where the other may not be found.
PROPERTY_SEARCH = """
DO $do$
BEGIN
    EXECUTE format($make$
        CREATE FUNCTION property_search(name text, location text, description text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN %1$s.searchable(name || E'\\n' || location || E'\\n' || description);
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("properties", "0001_initial")]
    operations = [
        migrations.RunSQL(SEARCHABLE, "DROP FUNCTION searchable(text)"),
        migrations.RunSQL(PROPERTY_SEARCH, "DROP FUNCTION property_search(text, text, text)"),
        migrations.AddField(
            model_name="property",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", "location", "description", function="property_search"),
                output_field=models.TextField(),
            ),
        ),
    ]
