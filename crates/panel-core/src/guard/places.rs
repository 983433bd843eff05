//! Words of addresses: kinds of street with their short forms, and the letters of postal areas.

/// Kinds of street, in the long form.
pub(super) const KINDS: [&str; 26] = [
    "avenue",
    "bank",
    "boulevard",
    "close",
    "court",
    "crescent",
    "drive",
    "gardens",
    "green",
    "grove",
    "hill",
    "house",
    "lane",
    "mews",
    "parade",
    "park",
    "place",
    "rise",
    "road",
    "row",
    "square",
    "street",
    "terrace",
    "view",
    "walk",
    "way",
];

/// The long form of a word that addresses shorten; any other word as it is.
pub(super) fn canonical(word: &str) -> &str {
    const SHORT: [(&str, &str); 21] = [
        ("apt", "flat"),
        ("av", "avenue"),
        ("ave", "avenue"),
        ("blvd", "boulevard"),
        ("cl", "close"),
        ("cres", "crescent"),
        ("ct", "court"),
        ("dr", "drive"),
        ("gdns", "gardens"),
        ("gr", "grove"),
        ("hse", "house"),
        ("ln", "lane"),
        ("pde", "parade"),
        ("pk", "park"),
        ("pl", "place"),
        ("rd", "road"),
        ("saint", "street"), // written alike when short: St Agnes, Agnes St
        ("sq", "square"),
        ("st", "street"),
        ("str", "street"),
        ("ter", "terrace"),
    ];
    SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long)
}

/// The letters with which British postcodes begin, in order. `ZZ` stands for no fixed abode and in
/// invented ones.
pub(super) const AREAS: [&str; 126] = [
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF",
    "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY",
    "E", "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR",
    "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE",
    "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL",
    "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL",
    "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS",
    "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE", "ZZ",
];
