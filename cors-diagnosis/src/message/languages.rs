//! Firefox in its other languages. The names of fields stay English in them, so that a few words tell its messages apart:
//! those with one name are told from each other, and so are those without.
//!
//! The words are facts about Firefox 153's messages. Older versions have other words, and a message whose words are not here
//! is read by the names alone, as far as they go.

use cors_core::browser::{ErrorKind, Stage};

use super::cause::Cause;
use super::pattern::{is_invisible, is_quotation};
use super::text::{Text, letters_of};
use super::topics as about;

/// What tells one language's messages apart.
struct Language {
    name: &'static str,
    /// What stands before the address.
    heads: &'static [&'static str],
    /// The words for each of [`MEANINGS`]; empty where there is none of its own.
    words: [&'static str; MEANINGS.len()],
}

/// The name of a field that a message has, if it has one.
const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const NAMES: [&str; 4] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS];

/// What the words mean, in messages with this name, or in those with none.
static MEANINGS: [(Option<&str>, Cause); 14] = [
    (Some(ALLOW_ORIGIN), Cause::Error(ErrorKind::MissingAllowOriginHeader)),
    (Some(ALLOW_ORIGIN), Cause::Error(ErrorKind::MultipleAllowOriginValues)),
    (Some(ALLOW_ORIGIN), Cause::Error(ErrorKind::AllowOriginMismatch)),
    (Some(ALLOW_ORIGIN), Cause::Error(ErrorKind::WildcardOriginNotAllowed)),
    (Some(ALLOW_METHODS), Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse)),
    (Some(ALLOW_METHODS), Cause::Error(ErrorKind::InvalidAllowMethodsPreflightResponse)),
    (Some(ALLOW_HEADERS), Cause::Error(ErrorKind::InvalidAllowHeadersPreflightResponse)),
    (Some(ALLOW_HEADERS), Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse)),
    (None, Cause::Topic(&about::CORS_DISABLED)),
    (None, Cause::Topic(&about::DID_NOT_SUCCEED)),
    (None, Cause::Topic(&about::ORIGIN_NOT_ADDED)),
    (None, Cause::Error(ErrorKind::PreflightDisallowedRedirect)),
    (None, Cause::Error(ErrorKind::CorsDisabledScheme)),
    (None, Cause::Error(ErrorKind::PreflightInvalidStatus)),
];

/// Words of older versions, in any language: a preflight, and a redirect.
const PREFLIGHT: [&str; 14] = [
    "preflight",
    "pré-vérification",
    "prévérification",
    "pré-conexão",
    "pré-verificação",
    "comprobación previa",
    "verificación previa",
    "preverifica",
    "предварительн",
    "попередн",
    "预检",
    "預檢",
    "プリフライト",
    "프리플라이트",
];
const REDIRECT: [&str; 10] = [
    "redirect",
    "redirec",
    "redirig",
    "weiterleit",
    "umleit",
    "перенаправ",
    "重定向",
    "リダイレクト",
    "przekierow",
    "yönlendir",
];
/// Words of older versions for a field that is missing.
const MISSING: [&str; 12] = [
    "fehlt",
    "manquant",
    "falta",
    "ausente",
    "mancante",
    "отсутствует",
    "缺少",
    "足りない",
    "brak",
    "ontbreekt",
    "saknas",
    "eksik",
];

/// The most characters of a reason alone.
const MAX_REASON_LEN: usize = 140;

/// A message of another language.
pub(super) struct Foreign {
    pub(super) language: &'static str,
    pub(super) cause: Cause,
    pub(super) stage: Option<Stage>,
    pub(super) url: Option<String>,
    pub(super) parameter: Option<String>,
    pub(super) status: Option<u16>,
    /// Where it begins, in letters.
    pub(super) start: usize,
}

/// Returns the messages of other languages that begin with an address. Without one, and if `has_other` is false, the text
/// as a whole is read as one.
pub(super) fn read(text: &Text, has_other: bool) -> Vec<Foreign> {
    let mut starts: Vec<(usize, usize, &'static Language)> = Vec::new();
    for language in LANGUAGES {
        for head in language.heads.iter().map(|head| letters_of(head)) {
            for (start, _) in text.letters().match_indices(head.as_str()) {
                let end = start.saturating_add(head.len());
                if begins_with_address(after(text, end)) {
                    starts.push((start, end, language));
                }
            }
        }
    }
    starts.sort_by_key(|&(_, end, _)| end);
    let mut found = Vec::new();
    let mut rest = starts.as_slice();
    while let Some(&(start, end, _)) = rest.first() {
        // Several languages may have one head.
        let languages: Vec<&Language> =
            rest.iter().take_while(|(_, other, _)| *other == end).map(|&(_, _, language)| language).collect();
        rest = rest.get(languages.len()..).unwrap_or_default();
        let limit = rest.first().map_or(text.letters().len(), |&(next, ..)| next);
        let body = text.plain().get(after_place(text, end)..text.place(limit)).unwrap_or_default();
        found.extend(Region { body, start }.read(&languages));
    }
    // A reason alone, without the words before it, is short, and not in English.
    let is_reason = text.plain().trim().chars().count() <= MAX_REASON_LEN
        && text.letters().contains("cors")
        && !text.letters().is_ascii();
    if found.is_empty() && !has_other && is_reason {
        let all: Vec<&Language> = LANGUAGES.iter().collect();
        let reason = Region { body: text.plain(), start: 0 }.read(&all);
        found.extend(reason.filter(|foreign| foreign.cause.is_cors()));
    }
    found
}

fn after_place(text: &Text, letters: usize) -> usize {
    letters.checked_sub(1).map_or(0, |last| text.end_of(last))
}

fn after(text: &Text, letters: usize) -> &str {
    text.plain().get(after_place(text, letters)..).unwrap_or_default()
}

fn begins_with_address(text: &str) -> bool {
    let text = text.trim_start_matches(|character: char| {
        character.is_whitespace()
            || is_invisible(character)
            || is_quotation(character)
            || matches!(character, ':' | '：' | '>' | '|' | '、')
    });
    let scheme = text.split(':').next().unwrap_or_default();
    let is_scheme =
        !scheme.is_empty() && scheme.len() <= 20 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_scheme && text.get(scheme.len()..).is_some_and(|rest| rest.starts_with(":/"))
}

/// What follows the head of a message.
struct Region<'t> {
    body: &'t str,
    start: usize,
}

impl Region<'_> {
    fn read(&self, languages: &[&'static Language]) -> Option<Foreign> {
        let (url, reason) = self.split();
        let letters = letters_of(reason);
        let names: Vec<&str> = NAMES.into_iter().filter(|name| letters.contains(&letters_of(name))).collect();
        // A header that the page sets may be named, too.
        let name = names.last().copied();
        if name.is_none() && !letters.contains("cors") {
            return None;
        }
        let quoted = quoted(reason);
        let parameter = quoted.iter().find(|part| !NAMES.iter().any(|name| name.eq_ignore_ascii_case(part)));
        let by_words = languages
            .iter()
            .flat_map(|language| {
                language.words.iter().zip(&MEANINGS).map(move |(words, meaning)| (language, *words, meaning))
            })
            .filter(|(_, words, (of, _))| {
                !words.is_empty() && *of == name && letters.contains(&letters_of(words))
            })
            .max_by_key(|(_, words, _)| words.len())
            .map(|(language, _, &(_, cause))| (language.name, cause));
        // The value itself may have such a word in it: `x-token`.
        let own = parameter.map(|parameter| letters_of(parameter)).filter(|own| !own.is_empty());
        let words = own.map_or_else(|| letters.clone(), |own| letters.replace(&own, " "));
        let has_token = words.contains("token");
        let has = |list: &[&str]| list.iter().any(|word| letters.contains(&letters_of(word)));
        let missing = has(&MISSING).then_some(Cause::Error(ErrorKind::MissingAllowOriginHeader));
        let by_name = || match name {
            Some(ALLOW_ORIGIN) => match parameter.map(String::as_str) {
                Some("*") => Cause::Error(ErrorKind::WildcardOriginNotAllowed),
                Some(value) if value.contains("://") || value == "null" => {
                    Cause::Error(ErrorKind::AllowOriginMismatch)
                }
                _ => missing.unwrap_or(Cause::Topic(&about::ALLOW_ORIGIN)),
            },
            // Two languages name this field where they mean the other.
            Some(ALLOW_CREDENTIALS) if quoted.iter().any(|part| part == "*") => {
                Cause::Error(ErrorKind::WildcardOriginNotAllowed)
            }
            Some(ALLOW_CREDENTIALS) => Cause::Error(ErrorKind::InvalidAllowCredentials),
            Some(ALLOW_METHODS) if has_token => Cause::Error(ErrorKind::InvalidAllowMethodsPreflightResponse),
            Some(ALLOW_METHODS) => Cause::Topic(&about::ALLOW_METHODS),
            Some(ALLOW_HEADERS) if has_token && missing.is_none() => {
                Cause::Error(ErrorKind::InvalidAllowHeadersPreflightResponse)
            }
            Some(ALLOW_HEADERS) if parameter.is_some() => {
                Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse)
            }
            Some(_) => Cause::Topic(&about::ALLOW_HEADERS),
            None if has(&PREFLIGHT) => Cause::Topic(&about::PREFLIGHT_FAILED),
            None if has(&REDIRECT) => Cause::Error(ErrorKind::PreflightDisallowedRedirect),
            None => Cause::Topic(&about::DID_NOT_SUCCEED),
        };
        let is_warning = name == Some(ALLOW_HEADERS)
            && (letters.matches(&letters_of(ALLOW_HEADERS)).count() > 1
                || quoted.iter().any(|part| part == "*"))
            && letters.contains("authorization");
        let (language, cause) = match by_words {
            _ if is_warning => ("", Cause::Topic(&about::AUTHORIZATION_NOT_COVERED)),
            Some((language, cause)) => (language, cause),
            None => ("", by_name()),
        };
        let language = match (language, languages) {
            ("", [first, others @ ..]) => {
                let main = |language: &Language| language.name.split('-').next().unwrap_or_default();
                let is_one = others.iter().all(|other| main(other) == main(first));
                if is_one { first.name } else { "another" }
            }
            (language, _) => language,
        };
        let takes_parameter = matches!(
            cause,
            Cause::Error(
                ErrorKind::AllowOriginMismatch
                    | ErrorKind::InvalidAllowMethodsPreflightResponse
                    | ErrorKind::InvalidAllowHeadersPreflightResponse
                    | ErrorKind::HeaderDisallowedByPreflightResponse
            )
        );
        let is_preflight = matches!(cause, Cause::Topic(topic) if topic.name == about::PREFLIGHT_FAILED.name);
        Some(Foreign {
            language,
            cause,
            stage: is_preflight.then_some(Stage::Preflight),
            url,
            parameter: parameter.filter(|_| takes_parameter).cloned(),
            status: status(reason),
            start: self.start,
        })
    }

    /// Returns the address, if the text begins with one, and what follows it.
    fn split(&self) -> (Option<String>, &str) {
        if !begins_with_address(self.body) {
            return (None, self.body);
        }
        let start = self.body.find(|character: char| character.is_ascii_alphanumeric()).unwrap_or_default();
        let rest = self.body.get(start..).unwrap_or_default();
        let len = rest
            .find(|character: char| {
                character.is_whitespace() || is_quotation(character) || is_east_asian(character)
            })
            .unwrap_or(rest.len());
        let (url, reason) = rest.split_at(len);
        let reason = reason.trim_start_matches(is_quotation);
        (Some(url.trim_end_matches(['.', ',', ';', ':', ')']).to_owned()), reason)
    }
}

fn is_east_asian(character: char) -> bool {
    character >= '\u{2e80}'
}

/// Returns what stands in quotation marks.
fn quoted(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((start, mark)) =
        rest.char_indices().find(|&(_, character)| is_quotation(character) && !is_apostrophe(rest, character))
    {
        let after = rest.get(start.saturating_add(mark.len_utf8())..).unwrap_or_default();
        // Only French leaves room after the mark that opens; before other room one closes whose beginning was cut off.
        if after.starts_with(char::is_whitespace) && !matches!(mark, '«' | '‹') {
            rest = after;
            continue;
        }
        let Some(end) = after.find(is_quotation) else { break };
        let part = after.get(..end).unwrap_or_default();
        parts.push(
            part.trim_matches(|character: char| character.is_whitespace() || character == '\u{a0}')
                .to_owned(),
        );
        let len = after.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        rest = after.get(end.saturating_add(len)..).unwrap_or_default();
    }
    parts
}

/// Returns true for the apostrophe of a word, as in `l’en-tête`.
fn is_apostrophe(text: &str, character: char) -> bool {
    let around = text.split_once(character);
    matches!(character, '’' | '\'')
        && around.is_some_and(|(before, after)| {
            before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
        })
}

/// Returns the last number from 100 to 599 that stands after a colon.
fn status(text: &str) -> Option<u16> {
    let after = text.rsplit([':', '：']).next()?.trim();
    let digits = after.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|status| (100..600).contains(status))
}

#[rustfmt::skip]
static LANGUAGES: &[Language] = &[
    Language { name: "bg", heads: &["отдалечения ресурс"], words: ["", "заглавки", "", "поддържа", "намерен", "невалиден", "невалиден", "", "изключен", "", "добавена", "външно", "http", ""] },
    Language { name: "ca", heads: &["remot en"], words: ["", "diverses", "coincideix", "credencial", "mètode", "testimoni", "testimoni", "", "inhabilitat", "", "afegir", "", "http", ""] },
    Language { name: "cs", heads: &["na adrese", "vzdáleného zdroje", "zdroje na"], words: ["chybí", "vícenásobná", "neodpovídá", "Ověření", "nepodařilo", "neplatný", "neplatný", "hlavičky", "vypnutý", "úspěšný", "přidat", "povoleno", "http", "odpověď"] },
    Language { name: "da", heads: &["fjernressourcen fra", "fjernressourcen på", "jernressourcen"], words: ["findes ikke", "", "matcher", "hvis", "Metoden", "ugyldigt", "ugyldigt", "ifølge", "deaktiveret", "CORS-forespørgslen", "tilføjes", "eksterne", "http", "preflight-svar mislykkedes"] },
    Language { name: "de", heads: &["Ressource auf"], words: ["fehlt", "verwendet", "überein", "gesetzt", "gefunden", "ungültiges", "ungültiges", "aufgrund", "deaktiviert", "CORS-Anfrage schlug", "konnte", "verboten", "http", "CORS-Preflight-Antwort schlug"] },
    Language { name: "el", heads: &["πόρου στο"], words: ["απουσιάζει", "πολλαπλού", "ταιριάζει", "υποστηρίζεται", "βρέθηκε", "σύμβολο", "σύμβολο", "σύμφωνα", "απενεργοποιήθηκε", "επιτυχές", "προστεθεί", "αιτήματος", "http", "πέτυχε"] },
    Language { name: "es-ar", heads: &["remoto en"], words: ["faltante", "múltiples", "coincide", "compatible", "encontró", "inválido", "inválido", "", "deshabilitado", "falló", "agregar", "externo", "http", "exitosa"] },
    Language { name: "es-cl", heads: &["remoto en", "remotos en"], words: ["presente", "cabeceras", "coincide", "soportada", "encontró", "inválido", "inválido", "aacuerdo", "desactivado", "Solicitud CORS no exitosa", "añadida", "", "http", ""] },
    Language { name: "es-es", heads: &["remoto en", "remotos en"], words: ["falta", "permiten", "coincide", "admite", "encontrado", "válido", "válido", "acuerdo", "desactivado", "sin éxito", "agregar", "", "http", ""] },
    Language { name: "es-mx", heads: &["elemento en", "remoto en", "remotos en"], words: ["", "permitido", "coincide", "soportada", "encontrado", "válido", "válido", "acuerdo", "desactivado", "sin éxito", "agregada", "", "http", ""] },
    Language { name: "fa", heads: &["دور در"], words: ["وجود ندارد", "چندین", "هم‌خوانی", "پشتیبانی", "متدی", "نامعتبر", "نامعتبر", "از پاسخ", "غیرفعال", "CORS موفقیت‌آمیز", "اضافه", "تغییر", "http", "preflight موفقیت‌آمیز"] },
    Language { name: "fr", heads: &["située sur"], words: ["est manquant", "en-têtes", "correspond", "charge", "manquante", "invalide", "invalide", "après", "désactivé", "de la requête", "ajouté", "autorisée", "utilise", "échec de la réponse"] },
    Language { name: "hu", heads: &["olvasását innen:", "olvasását itt:"], words: ["hiányzik", "használata", "egyezik", "támogatott", "található", "jelsor", "jelsor", "szereplő", "kikapcsolva", "volt", "adható", "külső", "HTTP", "válasz sikertelen"] },
    Language { name: "id", heads: &["daring di", "jauh di"], words: ["tidak ada", "multipel", "dengan", "didukung", "menemukan", "", "", "menurut", "dinonaktifkan", "berhasil", "dapat", "eksternal", "bukan", "gagal"] },
    Language { name: "it", heads: &["remota da"], words: ["mancante", "multipli", "corrisponde", "supportate", "trovato", "valido", "valido", "causa", "disattivato", "CORS non riuscita", "aggiungere", "", "http", ""] },
    Language { name: "ja", heads: &["同一生成元ポリシーにより、", "成元ポリシーにより、間もなく"], words: ["が足りな", "のCOR", "と異なる", "*である場", "からない", "が含まれ", "が含まれ", "からのヘ", "ORSが", "が成功し", "ginを", "S要求の", "pでない", "が継承さ"] },
    Language { name: "ko", heads: &["정책으로 인해", "정책은 곧"], words: ["더가없음", "S헤더허", "와일치하", "*이면자격", "드가없음", "않은토큰", "않은토큰", "가허용되", "ORS비", "S요청이", "S헤더O", "S요청을", "p가아닌", "검응답이"] },
    Language { name: "lt", heads: &["ištekliaus iš"], words: ["trūksta", "neleistina", "nesutampa", "palaikomas", "nerastas", "prieigos", "prieigos", "antraštę", "išjungtas", "užklausa nepavyko", "pridėti", "išorinis", "http", "nesuveikė"] },
    Language { name: "nb-no", heads: &["ressursen på"], words: ["mangler", "flere", "", "støttes", "metoden", "ugyldig", "ugyldig", "henhold", "avslått", "CORS-forespørsel lyktes", "legges", "ekstern", "http", "preflight-svar lyktes"] },
    Language { name: "nl", heads: &["bron op"], words: ["ontbreekt", "meerdere", "overeen", "ondersteund", "gevonden", "ongeldig", "ongeldig", "volgens", "uitgeschakeld", "CORS-aanvraag is niet", "toegevoegd", "externe", "geen", "CORS-preflight-antwoord is"] },
    Language { name: "pl", heads: &["zasoby z", "zasobów z"], words: ["brakujący", "powtórzenie", "pasuje", "jeżeli", "metoda", "", "", "", "wyłączone", "nieudane", "dodać", "żądania", "HTTP", "powiodło"] },
    Language { name: "pt-br", heads: &["remoto em"], words: ["falta", "cabeçalhos", "corresponde", "suportada", "encontrado", "inválido", "inválido", "acordo", "desativado", "na requisição", "adicionado", "externo", "http", "na resposta"] },
    Language { name: "pt-pt", heads: &["remoto em"], words: ["falta", "múltiplos", "corresponde", "suportada", "encontrou", "inválido", "inválido", "acordo", "desativado", "sucedido", "adicionado", "externo", "http", "sucedida"] },
    Language { name: "ro", heads: &["de la", "de pe", "distanță din"], words: ["lipsă", "multiplu", "coincide", "acceptate", "găsită", "nevalid", "nevalid", "conform", "dezactivat", "eșuată", "adăugat", "cererii", "Cererea", "Răspuns verificare"] },
    Language { name: "ru", heads: &["ресурса в", "ресурса на"], words: ["отсутствует", "несколько", "совпадает", "Учётные", "найден", "токен", "токен", "разрешён", "отключён", "выполнить", "добавить", "Внешнее", "выполнен", "неудача"] },
    Language { name: "sk", heads: &["vzdialeného zdroja"], words: ["chýba", "viaceré", "nezhoduje", "overenie", "nájdená", "neplatný", "neplatný", "odpovede", "vypnutý", "CORS nebola", "pridaná", "externé", "http", "odpoveď"] },
    Language { name: "sl", heads: &["vira na"], words: ["manjka", "samo", "ujema", "podprta", "metode", "neveljaven", "neveljaven", "podlagi", "onemogočen", "uspela", "dodati", "zunanja", "http", "odgovor"] },
    Language { name: "sr", heads: &["ресурса на", "удаљеног рачунара"], words: ["недостаје", "заглавља", "поклапа", "Акредитив", "пронађена", "неисправан", "неисправан", "одзива", "", "", "додато", "спољашњу", "http", "успео"] },
    Language { name: "sv-se", heads: &["fjärresurs på", "fjärrresursen på"], words: ["saknas", "tillåtna", "matchar", "stöds", "Hittade", "ogiltigt", "ogiltigt", "tillåten", "inaktiverad", "CORS-begäran lyckades", "läggas", "tillåter", "http", "preflight-svar lyckades"] },
    Language { name: "th", heads: &["ยากรระยะไกลที่"], words: ["ขาดหายไป", "หลายอัน", "ไม่ตรงกับ", "ไม่รองรับข้อมูลประจำตัวหากเฮดเดอร์", "ไม่พบเมธอดในเฮดเดอร์", "โทเค็น", "โทเค็น", "ตามเฮดเดอร์", "ปิดใช้งานอยู่", "CORS ไม่สำเร็จ", "ไม่สามารถเพิ่มเฮดเดอร์", "ไม่อนุญาตให้มีการเปลี่ยนเส้นทางภายนอกสำหรับคำขอ", "http", "preflight ไม่สำเร็จ"] },
    Language { name: "tr", heads: &["Köken İlkesi,"], words: ["eksik", "Birden", "eşleşmiyor", "kimlik", "bulunamadı", "geçersiz", "geçersiz", "yanıtındaki", "devre", "isteği başarısız", "eklenemedi", "isteğinin", "değil", "yanıtı başarısız"] },
    Language { name: "uk", heads: &["ресурс на", "ресурсу на"], words: ["відсутній", "Численні", "не відповідає", "Посвідчення", "знайдено", "недійсний", "недійсний", "дозволений", "вимкнено", "вдався", "додано", "Зовнішнє", "виконано", "невдача"] },
    Language { name: "vi", heads: &["xa tại", "xa ở"], words: ["thiếu", "Nhiều", "khớp", "Chứng", "phương", "", "", "", "hiệu", "CORS không", "Không thể", "chuyển", "http", "phản"] },
    Language { name: "zh-cn", heads: &["告：同源策略即将禁止读取位于", "源请求：同源策略禁止读取位于"], words: ["RS头缺", "不允许有", "不匹配", "凭据不支", "不到CO", "中的令牌", "中的令牌", "不允许使", "ORS未", "S请求未", "ORSOrigi", "S请求外", "S请求不", "响应未能"] },
    Language { name: "zh-tw", heads: &["來源請求：同源政策不允許讀取", "已封鎖跨來源請求: 同源政策不允許讀取", "：同源政策即將不允許讀取位於"], words: ["少COR", "ORS標", "檔頭不符", "*」時不支援", "不到方法", "", "", "t回應的", "停用CO", "求未成功", "ORSOrigi", "S請求被", "p通訊協", "t回應並"] },
];
