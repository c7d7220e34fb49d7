//! A function that is the `origin` of npm `cors` and its like: which origins it lets in, where its text tells.
//!
//! The text is not run. What stands for the request's origin is called `origin`, white space is left out, and then each test of
//! it is looked at: with the literal, the list or the expression of the program that it asks for, or with the risk of such a test.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Node, Value};
use crate::rule::OriginEntry;

/// What a function does with origins, as far as that is told.
#[derive(Default)]
pub(super) struct Function {
    /// None where only running it tells.
    pub(super) origins: Option<Origins>,
    /// What is wrong with such a test, whatever it asks for.
    pub(super) risks: Vec<Finding>,
}

/// The origins that a function lets in.
pub(super) enum Origins {
    Any,
    /// These, and whether there may be more.
    Listed(Vec<OriginEntry>, bool),
}

/// A test of a part of the origin, which a stranger's may have as well.
struct Part {
    call: &'static str,
    from_start: bool,
    to_end: bool,
    risk: &'static str,
    fix: &'static str,
}

const WHOLE: &str = "compare the whole origin: list.includes(origin)";

const KINDS: [Part; 5] = [
    Part {
        call: "startsWith",
        from_start: true,
        to_end: false,
        risk: "what begins with an origin is let in, such as https://app.example.com.evil.example",
        fix: WHOLE,
    },
    Part {
        call: "endsWith",
        from_start: false,
        to_end: true,
        risk: "what ends in a domain is let in, such as https://evilexample.com, unless a dot stands before each domain",
        fix: "compare the whole origin, or write the dot before the domain",
    },
    Part {
        call: "includes",
        from_start: false,
        to_end: false,
        risk: "what contains a domain is let in, such as https://example.com.evil.example",
        fix: WHOLE,
    },
    Part {
        call: "indexOf",
        from_start: false,
        to_end: false,
        risk: "what contains a domain is let in, such as https://example.com.evil.example",
        fix: WHOLE,
    },
    Part {
        call: "match",
        from_start: false,
        to_end: false,
        risk: "what contains a match is let in, such as https://example.com.evil.example, unless ^ and $ stand around the expression",
        fix: "compare the whole origin, or anchor the expression with ^ and $",
    },
];

/// Returns how an expression is compared, which JavaScript finds anywhere.
pub(super) fn expression(text: &str, ignore_case: bool, from_start: bool, to_end: bool) -> Matcher {
    Matcher::Expression(Expression {
        text: text.to_owned(),
        ignore_case,
        from_start,
        to_end,
        engine: Engine::JavaScript,
    })
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "the expressions of this file, each of which a test uses")]
    Regex::new(text).expect("an expression of this file")
}

/// `origin.test(argument)`, with a literal, a name, or the beginning of anything else.
static PARTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"origin\.(startsWith|endsWith|includes|indexOf|match|search)\((?:'([^']*)'|"([^"]*)"|`([^`]*)`|/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+)/([a-z]*)|([\w$.]+))?"#,
    )
});
/// `/…/.test(origin)`.
static EXPRESSIONS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+)/([a-z]*)\.test\(origin\)"));
/// `name.test(origin)`, `list.includes(origin)`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"([\w$]+)\.(test|includes|indexOf)\(origin\)"));
/// `list.some(item=>`, and the loop over a list.
static EACH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([\w$]+)\s*\.\s*(?:some|find|filter|every|findIndex)\(\s*(?:\(?\s*([\w$]+)(?:\s*:\s*\w+)?\s*\)?\s*=>|function\s*\(\s*([\w$]+)\s*\))|for\s*\(\s*(?:const|let|var)\s+([\w$]+)\s+of\s+([\w$]+)\s*\)",
    )
});
/// `origin === 'https://app.example.com'`, on either side.
static EQUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?:([\w$]+)|'([^']*)'|"([^"]*)")===?origin\b|\borigin===?(?:([\w$]+)|'([^']*)'|"([^"]*)")"#)
});

impl Function {
    /// Reads the text of a function, whose place is `span`. `named` gives the value of a name of the program.
    pub(super) fn of(text: &str, span: &Range<usize>, named: &dyn Fn(&str) -> Option<Node>) -> Self {
        let body = without_comments(text);
        let is_function = body.contains("=>") || body.starts_with("function") || body.contains(") {");
        if !is_function {
            return Function::default();
        }
        let text = with_origin(&body);
        let squeezed = squeezed(&text);
        if lets_all_in(&squeezed) {
            return Function { origins: Some(Origins::Any), risks: Vec::new() };
        }
        let mut tests = Tests {
            span,
            named,
            each: each(&text),
            found: Function::default(),
            entries: Vec::new(),
            lists: 0,
        };
        let rest = PARTS.replace_all(&squeezed, |test: &Captures<'_>| tests.part(test)).into_owned();
        let rest = EXPRESSIONS.replace_all(&rest, |test: &Captures<'_>| tests.literal(test)).into_owned();
        let rest = NAMED.replace_all(&rest, |test: &Captures<'_>| tests.named(test)).into_owned();
        let rest = EQUAL.replace_all(&rest, |test: &Captures<'_>| tests.equal(test)).into_owned();
        tests.told(&squeezed, &rest)
    }
}

/// Returns the text with `origin` for what stands for the request's.
fn with_origin(body: &str) -> String {
    static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:async\s+)?(?:function\b\s*)?(?:\w+\s*)?(?:\(\s*([\w$]+)|([\w$]+)\s*=>)")
    });
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b[\w$]+\.(?:(?:request|req)\.)?(?:get\(\s*['"][Oo]rigin['"]\s*\)|headers?\.origin\b|headers?\[\s*['"][Oo]rigin['"]\s*\]|header\(\s*['"][Oo]rigin['"]\s*\))"#,
        )
    });
    static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:const|let|var)\s+([\w$]+)\s*(?::\s*\w+\s*)?=\s*origin\s*(?:[;\n]|\|\||\?\?)")
    });
    static DEFAULT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"origin\s*(?:\|\||\?\?)\s*(?:'[^']*'|"[^"]*")"#));
    let renamed = |text: &str, name: &str| {
        let is_plain = !name.is_empty() && name != "origin" && !name.contains('$');
        if is_plain {
            pattern(&format!(r"\b{name}\b")).replace_all(text, "origin").into_owned()
        } else {
            text.to_owned()
        }
    };
    let text = FIELD.replace_all(body, "origin").into_owned();
    let takes_origin = text == body;
    let parameter = PARAMETER
        .captures(&text)
        .and_then(|found| found.get(1).or(found.get(2)))
        .map(|name| name.as_str().to_owned());
    let text = match parameter {
        Some(name) if takes_origin => renamed(&text, &name),
        _ => text,
    };
    let assigned =
        ASSIGNED.captures(&text).and_then(|found| found.get(1)).map(|name| name.as_str().to_owned());
    let text = assigned.map_or_else(|| text.clone(), |name| renamed(&text, &name));
    let text = text
        .replace("origin?.", "origin.")
        .replace("origin!", "origin")
        .replace("origin as string", "origin");
    DEFAULT.replace_all(&text, "origin").into_owned()
}

/// Returns the text without white space, with one way to write what is written in several.
fn squeezed(text: &str) -> String {
    static HOST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:newURL\(origin\)|[\w$]+)\.host(?:name)?\.(endsWith|includes|match)\("));
    static CONSTRUCTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"newRegExp\(([\w$]+)(?:,['"]\w*['"])?\)\.test\(origin\)|origin\.match\(newRegExp\(([\w$]+)(?:,['"]\w*['"])?\)\)"#,
        )
    });
    let mut squeezed: String = text.split_whitespace().collect();
    for changed in ["origin.toLowerCase()", "origin.trim()", "origin.toString()", "String(origin)"] {
        squeezed = squeezed.replace(changed, "origin");
    }
    // A host ends as its origin does, if that has no port.
    if squeezed.contains("newURL(origin)") {
        squeezed = HOST.replace_all(&squeezed, "origin.$1(").into_owned();
    }
    CONSTRUCTED.replace_all(&squeezed, "origin.match($1$2)").into_owned()
}

/// Returns true for a function that refuses nobody.
fn lets_all_in(squeezed: &str) -> bool {
    let has = |signs: &[&str]| signs.iter().any(|sign| squeezed.contains(sign));
    let is_returned = |sign: &str| {
        squeezed.split(sign).skip(1).any(|rest| rest.is_empty() || rest.starts_with([';', ',', ')', '}']))
    };
    let lets_in = has(&["(null,true)", "(undefined,true)", "(null,origin)"])
        || is_returned("=>origin")
        || is_returned("returnorigin");
    let asks = has(&[
        "if(",
        "?",
        "&&",
        "||",
        ".includes(",
        ".indexOf(",
        ".test(",
        "==",
        ".has(",
        ".some(",
        "switch(",
        "await",
        "With(",
        ".match(",
        "for(",
    ]);
    (lets_in || squeezed.ends_with("=>true")) && !refuses(squeezed) && !asks
}

/// Returns true for a function that has another answer than that the origin is let in.
fn refuses(squeezed: &str) -> bool {
    let signs =
        ["false", "Error", "returnnull", "returnundefined", "return''", "return;", "origin:", "&&origin"];
    // What a callback is given is computed.
    let answers = squeezed.split("(null,").skip(1);
    let is_computed = |answer: &str| !answer.starts_with("true)") && !answer.starts_with("origin)");
    signs.iter().any(|sign| squeezed.contains(sign)) || answers.into_iter().any(is_computed)
}

/// Returns the names that stand for the items of a list, each with that of the list.
fn each(text: &str) -> Vec<(String, String)> {
    EACH.captures_iter(text)
        .filter_map(|found| {
            let group = |index| found.get(index).map(|text| text.as_str().to_owned());
            let item = group(2).or(group(3)).or(group(4))?;
            Some((item, group(1).or(group(5))?))
        })
        .collect()
}

/// The tests of a function, as they are read.
struct Tests<'f> {
    span: &'f Range<usize>,
    named: &'f dyn Fn(&str) -> Option<Node>,
    each: Vec<(String, String)>,
    found: Function,
    entries: Vec<OriginEntry>,
    /// How many lists are asked.
    lists: usize,
}

/// What stands for a test that is read, and for one that is not.
const READ: &str = "READ";
const UNREAD: &str = "process.env";

impl Tests<'_> {
    fn add(&mut self, text: &str, span: &Range<usize>, matcher: Matcher) {
        self.entries.push(OriginEntry { text: text.to_owned(), span: span.clone(), matcher });
    }

    /// Reads `origin.startsWith(…)` and its like. Returns what stands for it.
    fn part(&mut self, found: &Captures<'_>) -> String {
        let group = |index| found.get(index).map(|text| text.as_str());
        let call = group(1).map_or("", |call| if call == "search" { "match" } else { call });
        let Some(part) = KINDS.iter().find(|part| part.call == call) else { return UNREAD.to_owned() };
        if let Some(literal) = group(5) {
            self.literal_expression(literal, group(6).unwrap_or_default());
            return READ.to_owned();
        }
        let literal = group(2).or(group(3)).or(group(4).filter(|text| !text.contains("${")));
        if let Some(literal) = literal {
            let span = self.span.clone();
            self.add(
                literal,
                &span,
                expression(&regex::escape(literal), false, part.from_start, part.to_end),
            );
            return READ.to_owned();
        }
        let items = group(7).and_then(|name| self.items_of(name));
        let matchers: Option<Vec<_>> =
            items.as_ref().and_then(|items| items.iter().map(|item| of_item(item, part)).collect());
        if let (Some(items), Some(matchers)) = (items, matchers) {
            for (item, matcher) in items.iter().zip(matchers) {
                self.add(item.scalar().unwrap_or_default(), &item.span, matcher);
            }
            self.lists = self.lists.saturating_add(1);
            return READ.to_owned();
        }
        // `endsWith(`.${domain}`)` ends at a label.
        let is_bounded =
            part.to_end && group(4).is_some_and(|text| text.starts_with('.') || text.contains("://"));
        if !is_bounded {
            let risk = Finding::warning("loose-comparison", self.span, format!("`{call}`: {}", part.risk));
            self.found.risks.push(risk.fix(part.fix));
        }
        UNREAD.to_owned()
    }

    fn literal(&mut self, found: &Captures<'_>) -> String {
        let group = |index| found.get(index).map_or("", |text| text.as_str());
        self.literal_expression(group(1), group(2));
        READ.to_owned()
    }

    fn literal_expression(&mut self, text: &str, flags: &str) {
        let text = text.replace("\\/", "/");
        let span = self.span.clone();
        self.add(&text, &span, expression(&text, flags.contains('i'), false, false));
    }

    /// Reads `list.includes(origin)` and `expression.test(origin)`, where the program has the value.
    fn named(&mut self, found: &Captures<'_>) -> String {
        let group = |index| found.get(index).map_or("", |text| text.as_str());
        let Some(items) = self.items_of(group(1)) else { return UNREAD.to_owned() };
        let matchers: Option<Vec<Matcher>> = items
            .iter()
            .map(|item| match (&item.value, group(2)) {
                (Value::Expression(text, ignore_case), "test") => {
                    Some(expression(text, *ignore_case, false, false))
                }
                (Value::Text(text), "includes" | "indexOf") => Some(Matcher::exact(text)),
                _ => None,
            })
            .collect();
        let Some(matchers) = matchers else { return UNREAD.to_owned() };
        for (item, matcher) in items.iter().zip(matchers) {
            self.add(item.scalar().unwrap_or_default(), &item.span, matcher);
        }
        self.lists = self.lists.saturating_add(1);
        READ.to_owned()
    }

    /// Reads a comparison with the whole origin.
    fn equal(&mut self, found: &Captures<'_>) -> String {
        let group = |index| found.get(index).map(|text| text.as_str());
        if let Some(literal) = group(2).or(group(3)).or(group(5)).or(group(6)) {
            let span = self.span.clone();
            self.add(literal, &span, Matcher::exact(literal));
            return READ.to_owned();
        }
        let name = group(1).or(group(4)).unwrap_or_default();
        if ["undefined", "null", "typeof"].contains(&name) {
            return String::new();
        }
        let items = self.items_of(name);
        let texts = items.as_ref().and_then(|items| items.iter().map(Node::text).collect::<Option<Vec<_>>>());
        let (Some(items), Some(texts)) = (&items, texts) else { return UNREAD.to_owned() };
        for (item, text) in items.iter().zip(texts) {
            self.add(text, &item.span, Matcher::exact(text));
        }
        self.lists = self.lists.saturating_add(1);
        READ.to_owned()
    }

    /// Returns the values that a name stands for: those of a list, or of the list whose items have the name.
    fn items_of(&self, name: &str) -> Option<Vec<Node>> {
        let list = self.each.iter().find(|(item, _)| item == name).map_or(name, |(_, list)| list.as_str());
        let node = (self.named)(list)?;
        Some(match &node.value {
            Value::List(items) => items.clone(),
            _ => vec![node],
        })
    }

    /// Returns what is told of the function, of which `rest` was not read.
    fn told(self, squeezed: &str, rest: &str) -> Function {
        let Tests { mut found, entries, lists, .. } = self;
        let unread = [".test(", ".match(", "process.env", "await", ".has("];
        let is_partly_known =
            unread.iter().any(|sign| rest.contains(sign)) || rest.contains(".some(") && !rest.contains(READ);
        let is_judged = !entries.is_empty() && (lists == 0 || refuses(squeezed));
        if is_judged {
            found.origins = Some(Origins::Listed(entries, is_partly_known));
        }
        found
    }
}

/// Returns how a part of the origin is compared with an item of a list.
fn of_item(item: &Node, part: &Part) -> Option<Matcher> {
    match (&item.value, part.call) {
        (Value::Expression(text, ignore_case), "match") => Some(expression(text, *ignore_case, false, false)),
        (Value::Text(text), "match") => Some(expression(text, false, false, false)),
        (Value::Text(text), _) => Some(expression(&regex::escape(text), false, part.from_start, part.to_end)),
        _ => None,
    }
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    for line in text.lines() {
        let comment = line
            .match_indices("//")
            .find(|(place, _)| !line.get(..*place).unwrap_or_default().ends_with([':', '\\']));
        plain.push_str(comment.map_or(line, |(place, _)| line.get(..place).unwrap_or_default()));
        plain.push('\n');
    }
    plain.trim().to_owned()
}
