//! Whether behaviours are run in order, each once, and alike on any number of threads.
