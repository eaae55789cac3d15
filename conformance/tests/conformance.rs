//! Every case on every vendor's mock, under the ordinary test UI: `dolfin::revoke/second-answer`.

fn main() {}
