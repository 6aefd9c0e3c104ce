//! The fields that every site has.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    FirstName,
    LastName,
    Email,
    Company,
    Phone,
    Role,
    TeamSize,
    Country,
    Message,
    PreferredTime,
}

impl Field {
    pub const ALL: [Field; 11] = [
        Field::Name,
        Field::FirstName,
        Field::LastName,
        Field::Email,
        Field::Company,
        Field::Phone,
        Field::Role,
        Field::TeamSize,
        Field::Country,
        Field::Message,
        Field::PreferredTime,
    ];

    /// Returns the name in front matter and in the form's data.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::FirstName => "first_name",
            Field::LastName => "last_name",
            Field::Email => "email",
            Field::Company => "company",
            Field::Phone => "phone",
            Field::Role => "role",
            Field::TeamSize => "team_size",
            Field::Country => "country",
            Field::Message => "message",
            Field::PreferredTime => "preferred_time",
        }
    }

    /// Returns the field with exactly this name.
    pub fn parse(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == name)
    }
}
