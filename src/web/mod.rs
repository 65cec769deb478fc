//! HTTP only: extract, call the exchange or the store, render.
