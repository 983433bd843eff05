//! What an administrator sets for the whole installation: a document under a name.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::installation;
use diesel::prelude::*;

/// The document under this name with its version, if it was ever set.
pub fn find(az: &mut Authz<'_>, name: &str) -> Result<Option<(String, i32)>, StoreError> {
    Ok(installation::table
        .find(name)
        .select((installation::value, installation::version))
        .first(az.conn())
        .optional()?)
}

/// Sets a document; `version` is the one that was read, 0 for none. `false` when somebody else set it
/// meanwhile.
///
/// # Errors
/// [`StoreError::Taken`] when somebody else set it for the first time meanwhile.
pub fn save(az: &mut Authz<'_>, name: &str, value: &str, version: i32) -> Result<bool, StoreError> {
    if version == 0 {
        diesel::insert_into(installation::table)
            .values((
                installation::name.eq(name),
                installation::value.eq(value),
                installation::version.eq(1),
            ))
            .execute(az.conn())?;
        return Ok(true);
    }
    let changed = diesel::update(installation::table)
        .filter(installation::name.eq(name).and(installation::version.eq(version)))
        .set((installation::value.eq(value), installation::version.eq(version + 1)))
        .execute(az.conn())?;
    Ok(changed == 1)
}
