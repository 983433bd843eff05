//! Information requests.
