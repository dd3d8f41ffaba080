//! What goes wrong because clocks differ.
