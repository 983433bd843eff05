//! How a folded name sounds, roughly, in English; and which forenames are forms of one name.

/// The sound of a folded name: silent letters dropped, letters of one sound made one, doubles
/// single. `Lee` and `Leigh`, `Stephen` and `Steven`, `Mohammed` and `Muhammad` sound alike; `Lee`
/// and `Leo` do not.
pub(super) fn of(folded: &str) -> String {
    let mut name: String = folded.chars().filter(|c| *c != ' ').collect();
    if let Some(rest) = name.strip_prefix("mac") {
        name = format!("mc{rest}");
    }
    for (letters, sound) in [
        ("ough", "u"),
        ("igh", "i"),
        ("ph", "f"),
        ("ght", "t"),
        ("gh", "g"),
        ("ck", "k"),
        ("cz", "s"),
        ("sch", "sh"),
        ("ce", "se"),
        ("ci", "si"),
        ("cy", "si"),
        ("qu", "kw"),
        ("x", "ks"),
        ("aigh", "ai"),
        ("ei", "i"),
        ("ie", "i"),
        ("ee", "i"),
        ("ea", "i"),
        ("ey", "i"),
        ("oo", "u"),
        ("ou", "u"),
        ("ow", "u"),
        ("ay", "ai"),
    ] {
        name = name.replace(letters, sound);
    }
    let mut sound = String::with_capacity(name.len());
    for c in name.chars() {
        let c = match c {
            'h' if !sound.is_empty() => continue,
            'c' | 'q' => 'k',
            'v' => 'f',
            'z' => 's',
            'y' => 'i',
            'e' => 'a',
            'o' => 'u',
            'j' if !sound.is_empty() => 'i',
            other => other,
        };
        if !sound.ends_with(c) {
            sound.push(c);
        }
    }
    // A vowel at the end is often not spoken, but a name of one syllable lives by it.
    if sound.chars().count() > 3 && sound.ends_with('a') {
        sound.pop();
    }
    sound
}

/// Forenames and their usual short or sister forms, folded.
const FORMS: [&[&str]; 46] = [
    &["abigail", "abi", "abbie", "abby"],
    &["alexander", "alex", "sandy", "aleksander", "xander"],
    &["alexandra", "alex", "sandra", "aleksandra"],
    &["andrew", "andy", "drew", "andrei", "andrzej"],
    &["anthony", "tony", "antony"],
    &["benjamin", "ben", "benny"],
    &["catherine", "katherine", "kathryn", "kate", "cathy", "kath", "katie", "katarzyna", "kasia"],
    &["charles", "charlie", "chas", "chuck"],
    &["christine", "christina", "chris", "tina", "chrissie"],
    &["christopher", "chris", "kit", "krzysztof"],
    &["daniel", "dan", "danny"],
    &["david", "dave", "davey", "dai", "dafydd"],
    &["deborah", "debbie", "deb", "debra"],
    &["edward", "ed", "eddie", "ted", "ned", "teddy"],
    &["elizabeth", "liz", "beth", "lizzie", "betty", "elisabeth", "eliza"],
    &["frederick", "fred", "freddie"],
    &["geoffrey", "jeffrey", "geoff", "jeff"],
    &["gregory", "greg"],
    &["harold", "harry", "hal"],
    &["henry", "harry", "hal"],
    &["jacob", "jake"],
    &["james", "jim", "jimmy", "jamie"],
    &["john", "jack", "johnny", "jon", "jonathan", "sean", "ian"],
    &["joseph", "joe", "joey"],
    &["joshua", "josh"],
    &["kenneth", "ken", "kenny"],
    &["leonard", "len", "lenny", "leo"],
    &["margaret", "maggie", "meg", "peggy", "mags"],
    &["matthew", "matt", "mateusz"],
    &["michael", "mike", "mick", "micky", "mikey", "michal"],
    &["mohammed", "mo", "mohamed", "muhammad", "mohammad", "muhammed", "md"],
    &["nicholas", "nick", "nicky", "nicolas"],
    &["patricia", "pat", "trish", "patsy"],
    &["patrick", "pat", "paddy", "padraig"],
    &["peter", "pete", "piotr"],
    &["philip", "phil", "phillip"],
    &["rebecca", "becky", "becca", "bex"],
    &["richard", "rick", "dick", "rich", "ricky"],
    &["robert", "rob", "bob", "bobby", "robbie", "bert"],
    &["ronald", "ron", "ronnie"],
    &["samuel", "sam", "sammy"],
    &["sean", "shaun", "shawn"],
    &["stephen", "steve", "steven", "stevie"],
    &["susan", "sue", "suzanne", "susie"],
    &["thomas", "tom", "tommy"],
    &["william", "bill", "will", "billy", "liam"],
];

/// Whether two folded forenames are forms of one name, or one is the beginning of the other.
pub(super) fn is_short_for(one: &str, two: &str) -> bool {
    let begins = |short: &str, long: &str| short.len() >= 3 && long.starts_with(short);
    begins(one, two)
        || begins(two, one)
        || FORMS.iter().any(|forms| forms.contains(&one) && forms.contains(&two))
}
