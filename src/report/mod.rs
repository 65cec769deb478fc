//! Rows in, figures and plots out. Pure.
