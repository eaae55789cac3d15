//! The judge itself on trial: broken servers must be failed by name of case, correct ones must not.

mod alarms;
mod baselines;
mod binary;
mod broken;
mod client;
mod conforms;
mod demanded;
mod different;
mod kept;
mod kills;
mod plans;
mod proxy;
mod rehearsals;
mod reports;
mod unpromised;
