//! The tree of a YAML document, in which every key and value has its span.

use crate::source::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `plain`: written without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(MapKey, Node)>),
    /// A key without a value, `~` or `null`.
    Null,
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct MapKey {
    pub text: String,
    pub span: Span,
}

impl Node {
    /// Makes the node of a text. Without quotes, some texts mean null.
    pub(super) fn scalar(text: String, plain: bool, span: Span) -> Node {
        let null = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
        Node { span, value: if null { Value::Null } else { Value::Scalar { text, plain } } }
    }
}
