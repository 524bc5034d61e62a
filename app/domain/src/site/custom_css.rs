//! Custom CSS: what is accepted, and how it is served.
//!
//! An administrator who is careless, or whose session was stolen, must not be able to send what readers do to another
//! site. CSS therefore loads nothing but pictures of this site. The text is checked by its tokens, in which escapes and
//! comments are resolved, whatever the rule or property. Then Lightning CSS parses it, and what it prints is checked
//! again and served, so that a browser reads nothing that was not checked.

use std::panic::catch_unwind;

use cssparser::{ParseError, ParseErrorKind, Parser, SourceLocation, Token};
use lightningcss::{
    printer::PrinterOptions,
    stylesheet::{ParserOptions, StyleSheet},
};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::platform::{digest::sha256, entity::image};
use shared::{
    forms::{
        FieldProblem,
        appearance::{CUSTOM_CSS_DEPTH, CssProblem, CssRefusal},
    },
    model::site::CustomCss,
    paths,
};

/// The at-rules that are accepted, without vendor prefixes.
const AT_RULES: &[&str] = &[
    "container",
    "counter-style",
    "keyframes",
    "layer",
    "media",
    "page",
    "position-try",
    "property",
    "scope",
    "starting-style",
    "supports",
    "view-transition",
];
/// The number of hexadecimal digits in the version of custom CSS.
const DIGITS: usize = 16;
/// Functions that load something or that ran scripts in old browsers.
const REFUSED_FUNCTIONS: &[&str] = &["-moz-element", "element", "expression", "image", "src"];
/// Properties that ran scripts in old browsers.
const REFUSED_PROPERTIES: &[&str] = &["-moz-binding", "-ms-behavior", "behavior"];

/// The place of a problem that has no other.
const START: SourceLocation = SourceLocation { line: 0, column: 1 };

/// Custom CSS that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CompiledCss {
    /// The CSS that is served.
    pub text: String,
    /// The pictures in it, by name, with the place of each in the source.
    pub pictures: Vec<(String, SourceLocation)>,
}

/// Returns the custom CSS in `source` as it is served, or `None` if there is none or it is not accepted any more.
pub(super) fn served(source: &str) -> Option<CustomCss> {
    let text = match compile(source) {
        Ok(compiled) => compiled.text,
        Err(problem) => {
            tracing::error!(?problem, "the custom CSS is not used");
            return None;
        }
    };
    let mut version = sha256(&text);
    version.truncate(DIGITS);
    (!text.is_empty()).then_some(CustomCss { version, text })
}

/// Returns the first picture in the custom CSS in `source` that does not exist, if any.
pub(crate) async fn missing_picture(
    db: &impl ConnectionTrait,
    source: &str,
) -> Result<Option<FieldProblem>, DbErr> {
    let Ok(pictures) = pictures(source) else {
        return Ok(None);
    };
    for (name, place) in pictures {
        let found: Option<String> = image::Entity::find()
            .select_only()
            .column(image::Column::Name)
            .filter(image::Column::Name.eq(name))
            .into_tuple()
            .one(db)
            .await?;
        if found.is_none() {
            let missing = problem(place, CssRefusal::NoPicture);
            return Ok(Some(FieldProblem::Css(missing)));
        }
    }
    Ok(None)
}

/// Checks and compiles the custom CSS in `source`.
///
/// # Errors
///
/// Returns the first place that is not accepted.
pub(super) fn compile(source: &str) -> Result<CompiledCss, CssProblem> {
    let pictures = pictures(source)?;
    // A panic of the parser must not make the site unusable.
    let text = catch_unwind(|| printed(source)).unwrap_or(Err(problem(START, CssRefusal::Syntax)))?;
    self::pictures(&text).map_err(|found| problem(START, found.refusal))?;
    Ok(CompiledCss { text, pictures })
}

/// Parses `source` and returns it without comments and unnecessary spaces.
fn printed(source: &str) -> Result<String, CssProblem> {
    let sheet = StyleSheet::parse(source, ParserOptions::default()).map_err(|error| {
        let place = error.loc.map_or(START, |place| SourceLocation {
            line: place.line,
            column: place.column,
        });
        problem(place, CssRefusal::Syntax)
    })?;
    let options = PrinterOptions {
        minify: true,
        ..PrinterOptions::default()
    };
    let printed = sheet.to_css(options);
    Ok(printed.map_err(|_| problem(START, CssRefusal::Syntax))?.code)
}

/// Returns the problem at `place`.
const fn problem(place: SourceLocation, refusal: CssRefusal) -> CssProblem {
    CssProblem {
        // Lines are counted from 0, columns from 1.
        line: place.line + 1,
        column: place.column,
        refusal,
    }
}

/// Returns the names of all pictures in `source`, or the first place that is not accepted.
fn pictures(source: &str) -> Result<Vec<(String, SourceLocation)>, CssProblem> {
    let mut parser = Parser::new(source);
    let mut found = Vec::new();
    match check(&mut parser, Block::Rules, 0, &mut found) {
        Ok(()) => Ok(found),
        Err(ParseError {
            kind: ParseErrorKind::Custom(problem),
        }) => Err(problem),
        Err(_) => Err(problem(parser.current_source_location(), CssRefusal::Syntax)),
    }
}

/// The kinds of content of a block or of the brackets of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Rules and declarations.
    Rules,
    /// The address in `url()`.
    Address,
    /// The pictures in `image-set()`, whose strings are addresses.
    ImageSet,
    /// Anything else.
    Value,
}

/// Checks all tokens in the current block, which is within `depth` others, and adds the addresses of pictures to `found`.
fn check(
    parser: &mut Parser,
    block: Block,
    depth: usize,
    found: &mut Vec<(String, SourceLocation)>,
) -> Result<(), ParseError<CssProblem>> {
    // At the top there are no properties.
    let mut begins = depth > 0;
    loop {
        parser.skip_whitespace();
        let place = parser.current_source_location();
        let Ok(token) = parser.next().cloned() else {
            return Ok(());
        };
        let refused = |refusal| ParseError {
            kind: ParseErrorKind::Custom(problem(place, refusal)),
        };
        let mut inner = None;
        match &token {
            Token::AtKeyword(name) => at_rule(name).map_err(refused)?,
            Token::Function(name) => inner = Some(function(name, block).map_err(refused)?),
            Token::Ident(name) if begins && block == Block::Rules && is(name, REFUSED_PROPERTIES) => {
                return Err(refused(CssRefusal::Property));
            }
            Token::UnquotedUrl(address) => found.push((picture(address).map_err(refused)?, place)),
            Token::QuotedString(address) if matches!(block, Block::Address | Block::ImageSet) => {
                found.push((picture(address).map_err(refused)?, place));
            }
            Token::CurlyBracketBlock => inner = Some(Block::Rules),
            Token::ParenthesisBlock | Token::SquareBracketBlock if block == Block::ImageSet => {
                inner = Some(block);
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => inner = Some(Block::Value),
            Token::BadUrl(_) => return Err(refused(CssRefusal::Address)),
            Token::BadString(_)
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket => return Err(refused(CssRefusal::Syntax)),
            _ => {}
        }
        if let Some(inner) = inner {
            if depth >= CUSTOM_CSS_DEPTH {
                return Err(refused(CssRefusal::Depth));
            }
            parser.parse_nested_block(|parser| check(parser, inner, depth + 1, found))?;
        }
        begins = depth > 0 && matches!(token, Token::Semicolon | Token::CurlyBracketBlock);
    }
}

fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Checks the name of an at-rule.
fn at_rule(name: &str) -> Result<(), CssRefusal> {
    let prefixes = ["-webkit-", "-moz-", "-o-"];
    let name = name.to_ascii_lowercase();
    let plain = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    match plain.unwrap_or(&name) {
        "import" => Err(CssRefusal::Import),
        "font-face" => Err(CssRefusal::FontFace),
        name if AT_RULES.contains(&name) => Ok(()),
        _ => Err(CssRefusal::AtRule),
    }
}

/// Checks the name of a function in `block`, and returns what its brackets contain.
fn function(name: &str, block: Block) -> Result<Block, CssRefusal> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "url" => Ok(Block::Address),
        "image-set" | "-webkit-image-set" => Ok(Block::ImageSet),
        name if REFUSED_FUNCTIONS.contains(&name) => Err(CssRefusal::Function),
        // In other functions, a variable could stand for an address.
        name if block == Block::ImageSet && !(name == "type" || name.ends_with("-gradient")) => {
            Err(CssRefusal::Function)
        }
        _ if block == Block::Address => Err(CssRefusal::Function),
        _ => Ok(Block::Value),
    }
}

/// Returns the address of a picture of this site.
fn picture(address: &str) -> Result<String, CssRefusal> {
    match paths::image_at(address) {
        Some(image) => Ok(image.name),
        None => Err(CssRefusal::Address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &str = "/media/image/0a1b-2c3d-1200-800.webp";

    fn refusal(source: &str) -> Option<CssRefusal> {
        compile(source).err().map(|problem| problem.refusal)
    }

    #[test]
    fn css_that_only_changes_the_looks_is_accepted() {
        for source in [
            "",
            "/* only a comment */",
            "body { background: #fdf6e3; font-family: Georgia, serif }",
            ":root { --paper: light-dark(#fff, #000); --x: { a: b } }",
            "@media (min-width: 40rem) { .masthead { padding: 2rem } }",
            "@supports (display: grid) { main { display: grid } }",
            "@layer a, b; @layer a { p { color: red } }",
            "@container (width > 30rem) { p { margin: 0 } }",
            "@keyframes turn { to { rotate: 1turn } } @-webkit-keyframes turn { to { rotate: 1turn } }",
            ".post { & > h1 { font-size: 3rem } &:hover { color: blue } }",
            "a::after { content: \"@import 'https://example.com'; url(https://example.com)\" }",
            "p { width: calc((100% - 2rem) / 3); color: color-mix(in oklab, red 20%, blue) }",
            ".behavior:hover { color: red } behavior:hover { color: red }",
            "@property --angle { syntax: '<angle>'; inherits: false; initial-value: 0deg }",
            "p { unknown: value of (something) }",
        ] {
            assert_eq!(refusal(source), None, "{source}");
        }
    }

    #[test]
    fn pictures_of_the_site_are_accepted_and_found() {
        let sources = [
            format!("a {{ background: url({PICTURE}) }}"),
            format!("a {{ background: url( '{PICTURE}' ) }}"),
            format!("a {{ background: URL(\"{PICTURE}\") no-repeat }}"),
            format!("a {{ --picture: url({PICTURE}) }}"),
            format!("a {{ background: image-set('{PICTURE}' 1x, linear-gradient(red, blue) 2x) }}"),
            format!("a {{ background: image-set(url({PICTURE}) type('image/webp') 1x) }}"),
            format!("@media screen {{ a {{ b {{ cursor: url({PICTURE}), auto }} }} }}"),
        ];
        for source in sources {
            let compiled = compile(&source).map(|compiled| compiled.pictures);
            let names: Vec<String> = compiled
                .expect("accepted")
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            assert_eq!(names, ["0a1b-2c3d-1200-800.webp"], "{source}");
        }
    }

    /// CSS that loads something, or ran scripts in old browsers, in every disguise.
    const HOSTILE: &[(&str, CssRefusal)] = {
        use CssRefusal::{Address, AtRule, FontFace, Function, Import, Property};
        &[
            ("@import 'a.css';", Import),
            ("@import url(a.css);", Import),
            ("@IMPORT \"https://example.com/a.css\" screen;", Import),
            ("@\\69mport 'a.css';", Import),
            ("@\\000069 mport 'a.css';", Import),
            ("@i\\mport 'a.css';", Import),
            ("/**/@import/**/'a.css';", Import),
            ("@layer a; @import 'a.css' layer(b);", Import),
            ("a { @import 'a.css'; }", Import),
            ("@media screen { @import 'a.css'; }", Import),
            ("@charset 'utf-7';", AtRule),
            ("@namespace url(http://www.w3.org/1999/xhtml);", AtRule),
            ("@document url(https://example.com) { a { color: red } }", AtRule),
            ("@-moz-document url-prefix() { a { color: red } }", AtRule),
            ("@function --f() { result: url(https://example.com) }", AtRule),
            (
                "@font-face { font-family: a; src: url(https://example.com/a.woff2) }",
                FontFace,
            ),
            ("@font-face { font-family: a; src: local(Arial) }", FontFace),
            ("@FONT-FACE { font-family: a }", FontFace),
            ("a { background: url(https://example.com/a.png) }", Address),
            ("a { background: url('//example.com/a.png') }", Address),
            ("a { background: url(\\68 ttps://example.com/a.png) }", Address),
            ("a { background: u\\72l(https://example.com/a.png) }", Address),
            ("a { background: UR\\4c ('https://example.com/a.png') }", Address),
            (
                "a { background: \\75\\72\\6c(https://example.com/a.png) }",
                Address,
            ),
            ("a { background: url(/* */https://example.com/a.png) }", Address),
            ("a { background: url(data:image/png;base64,AAAA) }", Address),
            ("a { background: url(javascript:alert(1)) }", Address),
            ("a { background: url(a.png) }", Address),
            ("a { background: url() }", Address),
            ("a { background: url(#a) }", Address),
            ("a { background: url(/media/image/../../logout) }", Address),
            ("a { background: url(/media/image/0a-1-2.svg) }", Address),
            ("a { background: url(/media/image/0a-1b-1-2.webp?a=b) }", Address),
            ("a { background: url(/account) }", Address),
            (
                "a { background: url(https://example.com/media/image/0a-1b-1-2.webp) }",
                Address,
            ),
            ("a { --a: url(https://example.com/a.png) }", Address),
            ("a { --a: image-set('https://example.com/a.png' 1x) }", Address),
            (
                "a { background: image-set(\"https://example.com/a.png\" 1x) }",
                Address,
            ),
            (
                "a { background: -webkit-image-set(url(https://example.com/a.png) 1x) }",
                Address,
            ),
            (
                "a { background: IMAGE\\2dSET('https://example.com/a.png' 1x) }",
                Address,
            ),
            ("a { background: image-set(var(--a) 1x) }", Function),
            (
                "a { --a: 'https://example.com'; background: image-set(var(--a)) }",
                Function,
            ),
            ("a { background: image-set(attr(href) 1x) }", Function),
            ("a { background: image-set(--f() 1x) }", Function),
            ("a { background: image-set((var(--a)) 1x) }", Function),
            ("a { background: src('https://example.com/a.png') }", Function),
            ("a { background: SRC(var(--a)) }", Function),
            ("a { background: image('https://example.com/a.png') }", Function),
            ("a { background: -moz-element(#a) }", Function),
            ("a { width: expression(alert(1)) }", Function),
            ("a { width: exp\\72 ession(alert(1)) }", Function),
            (
                "a { width: exp/**/ression(alert(1)); behavior: url(#default#time2) }",
                Property,
            ),
            ("a { behavior: none }", Property),
            ("a { color: red; BEHAVIOR: none }", Property),
            ("a { -moz-binding: none }", Property),
            ("a { -moz-bindin\\67: none }", Property),
            ("a { b { color: red } behavior: none }", Property),
            (
                "@media screen { a { background: url(https://example.com) } }",
                Address,
            ),
            (
                "a[href='x'] { b { c { background: url(https://example.com) } } }",
                Address,
            ),
            (
                "@supports (background: url(https://example.com)) { a { color: red } }",
                Address,
            ),
            (
                "@property --a { syntax: '<url>'; inherits: false; initial-value: url(https://example.com) }",
                Address,
            ),
            ("a { filter: url(https://example.com/a.svg#b) }", Address),
            ("a { content: url(https://example.com) / 'alt' }", Address),
        ]
    };

    #[test]
    fn css_that_loads_anything_else_is_refused() {
        for (source, expected) in HOSTILE {
            assert_eq!(refusal(source), Some(*expected), "{source}");
        }
    }

    #[test]
    fn text_that_is_not_css_is_refused() {
        for source in [
            "</style><script>alert(1)</script>",
            "a } b { color: red }",
            "a { color: red; } }",
            "{ color: red }",
            "hello",
            "a { background: url(a b) }",
            "a { content: 'a\nb' }",
            "a { color }",
            "a,, b { color: red }",
        ] {
            assert!(compile(source).is_err(), "{source}");
        }
    }

    #[test]
    fn the_place_is_counted_as_in_an_editor() {
        for (source, line, column) in [
            ("@import 'a';", 1, 1),
            ("a { color: red }\n\n  @import 'a';", 3, 3),
            ("/* é\n */ a { background: url(b) }", 2, 21),
            ("a {\n  color: red;\n  b: 'x\n}", 3, 6),
            ("a { color: red }\n} b { color: red }", 2, 1),
        ] {
            let problem = compile(source).expect_err("refused");
            assert_eq!((problem.line, problem.column), (line, column), "{source}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_parsed() {
        for (open, close) in [
            ("a{", "}"),
            ("(", ")"),
            ("[", "]"),
            (":not(", ")"),
            ("@media screen{", "}"),
        ] {
            for count in [CUSTOM_CSS_DEPTH + 1, 10_000] {
                let source = format!("{}{}", open.repeat(count), close.repeat(count));
                assert_eq!(refusal(&source), Some(CssRefusal::Depth), "{count} of {open}");
            }
        }
        let source = format!("a{{width:{}1px{}}}", "calc(".repeat(31), ")".repeat(31));
        assert_eq!(refusal(&source), None);
    }

    #[test]
    fn what_is_served_is_compact_and_accepted_again() {
        let source = format!("/* secret */\na {{\n  color : red;\n  background: url( {PICTURE} );\n}}\n");
        let text = compile(&source).expect("accepted").text;
        assert!(!text.contains("secret") && !text.contains('\n'), "{text}");
        assert!(text.contains(PICTURE), "{text}");
        assert_eq!(compile(&text).expect("accepted").text, text);
    }
}
