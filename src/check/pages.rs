//! Pages as searchers, readers and screen readers meet them.
