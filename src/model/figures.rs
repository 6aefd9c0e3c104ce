//! What became of the leads of each lead tag: the file `lead-figures.csv`, which `tagline report` writes and the lead desk
//! shows. It has numbers only, and nothing about people.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::tag::LeadTag;

/// The numbers of all lead tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Figures {
    /// The day of the report. `None` if there is none.
    pub made_on: Option<Date>,
    pub tags: BTreeMap<LeadTag, TagFigures>,
}

/// The numbers of one lead tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TagFigures {
    pub leads: u64,
    pub qualified: u64,
    pub won: u64,
    pub lost: u64,
    /// Lost reasons that at least three leads share.
    pub reasons: Vec<(String, u64)>,
}

/// The columns of the file.
pub const COLUMNS: [&str; 7] = ["tag", "leads", "qualified", "won", "lost", "lost_reasons", "made_on"];

impl Figures {
    /// Writes the file. Lost reasons are texts with their numbers: `Price: 4; Timing: 3`.
    pub fn to_csv(&self) -> String {
        let mut out = format!("{}\n", COLUMNS.join(","));
        let day = self.made_on.map(|day| day.to_string()).unwrap_or_default();
        for (tag, TagFigures { leads, qualified, won, lost, reasons }) in &self.tags {
            let reasons =
                reasons.iter().map(|(text, leads)| format!("{}: {leads}", text.replace([';', ':', '\n', '\r'], " ")));
            let reasons = reasons.collect::<Vec<_>>().join("; ").replace('"', "\"\"");
            out.push_str(&format!("{tag},{leads},{qualified},{won},{lost},\"{reasons}\",{day}\n"));
        }
        out
    }

    /// Reads the file. Returns the number of the first line that is wrong.
    ///
    /// # Errors
    ///
    /// If a line has other columns, or values that are none.
    pub fn from_csv(text: &str) -> Result<Figures, usize> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut figures = Figures::default();
        for (index, record) in reader.records().enumerate() {
            let line = index + 1;
            let record = record.map_err(|_| line)?;
            if index == 0 {
                let is_header = record.iter().eq(COLUMNS);
                if is_header { continue } else { return Err(line) }
            }
            let number = |column: usize| record.get(column).and_then(|cell| cell.parse::<u64>().ok()).ok_or(line);
            let tag = record.get(0).and_then(|tag| LeadTag::parse(tag).ok()).ok_or(line)?;
            let of_tag = TagFigures {
                leads: number(1)?,
                qualified: number(2)?,
                won: number(3)?,
                lost: number(4)?,
                reasons: reasons(record.get(5).unwrap_or_default()).ok_or(line)?,
            };
            if of_tag.won.checked_add(of_tag.lost).is_none_or(|closed| closed > of_tag.leads) {
                return Err(line);
            }
            figures.made_on = Some(record.get(6).and_then(|day| day.parse().ok()).ok_or(line)?);
            figures.tags.insert(tag, of_tag);
        }
        Ok(figures)
    }
}

impl TagFigures {
    pub fn open(&self) -> u64 {
        self.leads.saturating_sub(self.won + self.lost)
    }

    pub fn merge(&mut self, other: &TagFigures) {
        self.leads += other.leads;
        self.qualified += other.qualified;
        self.won += other.won;
        self.lost += other.lost;
        for (reason, leads) in &other.reasons {
            match self.reasons.iter_mut().find(|(own, _)| own == reason) {
                Some((_, own)) => *own += leads,
                None => self.reasons.push((reason.clone(), *leads)),
            }
        }
        self.reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
}

fn reasons(cell: &str) -> Option<Vec<(String, u64)>> {
    let parts = cell.split("; ").filter(|part| !part.is_empty());
    parts
        .map(|part| part.rsplit_once(": ").and_then(|(text, leads)| Some((text.to_owned(), leads.parse().ok()?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_figures_read_back_unchanged() {
        let reasons = vec![("Price, too high".to_owned(), 4), ("Says \"no\"".to_owned(), 3)];
        let tags = [("a_b_c", 9, 4), ("a_b_c_de", 2, 0)].map(|(tag, leads, lost)| {
            let of_tag = TagFigures {
                leads,
                qualified: 1,
                won: 1,
                lost,
                reasons: if lost > 0 { reasons.clone() } else { Vec::new() },
            };
            (LeadTag::parse(tag).unwrap(), of_tag)
        });
        let figures = Figures { made_on: Some("2027-03-15".parse().unwrap()), tags: tags.into_iter().collect() };
        assert_eq!(Figures::from_csv(&figures.to_csv()), Ok(figures));
        assert_eq!(Figures::from_csv("tag,leads\n"), Err(1));
        assert_eq!(Figures::from_csv(&format!("{}\na_b_c,1,0,2,0,,2027-03-15\n", COLUMNS.join(","))), Err(2));
    }
}
