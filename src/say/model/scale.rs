//! Closed lists of words, as they stand in the files and as people read them.

use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            schemars::JsonSchema, utoipa::ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it stands in the files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// As a person reads it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(word: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|one| one.word() == word).ok_or(())
            }
        }
    };
}

words! {
    /// The steps of a play, in the order in which they are said.
    Step {
        /// Show that the feeling has been heard.
        Acknowledge = "acknowledge", "Acknowledge";
        /// Take the problem on.
        Own = "own", "Own";
        /// Find out what is behind it.
        Explore = "explore", "Explore";
        /// Mend it.
        MakeRight = "make-right", "Make right";
        /// Do more than was owed.
        Exceed = "exceed", "Exceed";
        /// Come back to it later.
        FollowUp = "follow-up", "Follow up";
    }
}

words! {
    /// How a phrase sounds.
    Tone {
        /// Close and friendly.
        Warm = "warm", "Warm";
        /// Short and plain.
        Direct = "direct", "Direct";
        /// For a letter, or a customer who keeps a distance.
        Formal = "formal", "Formal";
    }
}

words! {
    /// How much words in a draft would hurt.
    Severity {
        /// Never send it so.
        Error = "error", "Error";
        /// It will be taken amiss.
        Warning = "warning", "Warning";
        /// There is something better.
        Suggestion = "suggestion", "Suggestion";
    }
}
