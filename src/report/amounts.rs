//! What open amounts of a column mean, such as `1.500`: all rows of the column decide it, which are read again only then.

use std::sync::OnceLock;

use super::error::InputError;
use super::input::{self, Head, Input, InputKind, Row, Rows};
use super::values::amount::{Contradiction, Forms, Open};
use crate::model::site::report::Decimals;

/// The amounts of a column.
#[derive(Debug)]
pub struct AmountColumn {
    /// The answer of the site or of the command, if the column does not decide it.
    otherwise: Option<Decimals>,
    decimals: OnceLock<Result<Option<Decimals>, Failure>>,
}

#[derive(Clone, Debug)]
enum Failure {
    Contradiction,
    /// The file cannot be read again.
    Unreadable(String),
}

impl AmountColumn {
    /// `otherwise` is what separates decimals if the column does not decide it.
    pub fn new(otherwise: Option<Decimals>) -> AmountColumn {
        AmountColumn { otherwise, decimals: OnceLock::new() }
    }

    /// Returns an open amount in hundredths.
    ///
    /// # Errors
    ///
    /// If the amounts of the column contradict each other, or the file cannot be read again.
    pub fn value(&self, open: Open, input: &Input, head: &Head, column: usize) -> Result<i64, InputError> {
        match self.decimals.get_or_init(|| decimals(input, head, column)) {
            Ok(decimals) => Ok(open.value(decimals.or(self.otherwise))),
            Err(Failure::Contradiction) => match self.otherwise {
                Some(decimals) => Ok(open.value(Some(decimals))),
                None => Err(contradiction(input)),
            },
            Err(Failure::Unreadable(cause)) => Err(InputError::new(&input.name, cause.as_str())),
        }
    }
}

/// The error for an amount that can be two.
pub fn contradiction(input: &Input) -> InputError {
    let message = "this amount can be two: three digits after a separator are thousands or decimals, and the other amounts of \
                   the column have decimals after a point and after a comma";
    InputError::new(&input.name, message).help(
        "say what separates decimals: `--decimals point` (1,234.50) or `--decimals comma` (1.234,50), or `report: { decimals: comma }` in \
         `site.yaml`",
    )
}

fn decimals(input: &Input, head: &Head, column: usize) -> Result<Option<Decimals>, Failure> {
    let is_sheet = input.kind == InputKind::Sheet;
    let found = input::scan(input, head.dialect, 1, Forms::default, |forms, batch| {
        let (mut rows, mut row) = (Rows::new(&batch.bytes, head.dialect, batch.first_line), Row::default());
        while rows.next(&mut row) {
            if row.line > head.line {
                forms.add(&row.cell(&batch.bytes, column), is_sheet);
            }
        }
        Ok(())
    });
    let found = found.map_err(|cause| Failure::Unreadable(format!("{cause:#}")))?;
    let forms = found.into_iter().fold(Forms::default(), Forms::merge);
    forms.decimals().map_err(|Contradiction| Failure::Contradiction)
}
