//! The Byzantine generals.
pub const PROBLEM: super::Problem =
    super::Problem { name: "byzantine-generals", title: "", summary: "", node_names: |_| vec![], protocols: &[] };
