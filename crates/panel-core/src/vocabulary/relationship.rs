//! How a victim and a perpetrator are connected: "personally connected" in the 2021 Act.

use crate::coded;

coded! {
    /// What the perpetrator is to the victim.
    pub enum Relationship: "relationship" {
        /// Married.
        Married = "married" => "Married",
        /// Were married.
        FormerlyMarried = "formerly_married" => "Formerly married",
        /// Civil partners.
        CivilPartners = "civil_partners" => "Civil partners",
        /// Were civil partners.
        FormerCivilPartners = "former_civil_partners" => "Former civil partners",
        /// Agreed to marry or to enter a civil partnership, whether or not it still stands.
        Engaged = "engaged" => "Agreed to marry or to enter a civil partnership",
        /// In an intimate personal relationship.
        Partner = "partner" => "Partner",
        /// Were in an intimate personal relationship.
        FormerPartner = "former_partner" => "Former partner",
        /// Each has or had a parental relationship with the same child.
        CoParent = "co_parent" => "Parents of the same child",
        /// Relatives; [`RelativeKind`] says which.
        Relative = "relative" => "Relative",
        /// Not personally connected, such as a stalker who was a stranger.
        NotConnected = "not_connected" => "Not personally connected",
    }
}

coded! {
    /// Which relative of the victim the perpetrator is.
    pub enum RelativeKind: "kind of relative" {
        /// Parent.
        Parent = "parent" => "Parent",
        /// Adult child.
        Child = "child" => "Adult child",
        /// Step-parent, step-child or step-sibling.
        Step = "step" => "Step-relative",
        /// Brother or sister.
        Sibling = "sibling" => "Brother or sister",
        /// Grandparent or grandchild.
        Grandparent = "grandparent" => "Grandparent or grandchild",
        /// Relative by marriage.
        InLaw = "in_law" => "In-law",
        /// Another relative.
        Other = "other" => "Other relative",
    }
}
