//! Calls of standalone clients, built and run by `xtask/tests/it/calls.rs` beside the crates that it writes. What is printed
//! is searched for secrets there.

use credentials_of_every_kind_client as credentials;
use parameters_client as parameters;
use secrets_client as secrets;
use shapes_client as shapes;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let base = std::env::args().nth(1).expect("the base URL");
    parameters(&base).await;
    credentials(&base).await;
    secrets(&base).await;
    shapes();
}

async fn parameters(base: &str) {
    use parameters::types;

    let client = parameters::Client::new(base, parameters::Credentials::anonymous()).unwrap();
    let range = types::Range {
        gt: Some(3),
        lt: None,
    };
    let params = types::GetAByIdByIdByExtByListByWhenByKindByUndeclaredParams {
        page_size: Some(5),
        page_size_2: Some(6),
        page_size_3: Some(7),
        obj: Some(range.clone()),
        pipes: Some(vec!["a".into(), "b c".into()]),
        pipes2: Some(vec!["x".into(), "y".into()]),
        json: Some(range.clone()),
        session: Some("s;1".into()),
        secret: Some("plain-1".into()),
        secretq: Some("plain-2".into()),
        ..Default::default()
    };
    let answer = client
        .get_a_by_id_by_id_by_ext_by_list_by_when_by_kind_by_undeclared(
            "i/d",
            &"json".into(),
            &[1, 2],
            &"2026-01-01T00:00:00Z".into(),
            &types::GetAByIdByIdByExtByListByWhenByKindByUndeclaredKind::Integer(4),
            "un d",
            "u",
            "r",
            "b",
            "p",
            "at",
            1,
            true,
            &["h1".into(), "h2".into()],
            &["f1".into()],
            &range,
            &["j1".into(), "j,2".into()],
            &params,
        )
        .await;
    println!("{params:?} {answer:?}");
    client.opts(&Default::default()).await.unwrap();
    client.merge(&range).await.unwrap();
    let form = types::DeepformRequest {
        expand: Some(vec!["a".into(), "b".into()]),
        card: Some(range.clone()),
        meta: None,
    };
    client.deepform(&form).await.unwrap();
    let file = parameters::Upload::new("content of a file", "a.txt", "text/plain");
    let form = types::FormAndJsonForm {
        file,
        meta: range.clone(),
        many: None,
        n: Some(3),
    };
    client
        .form_and_json_multipart(&range, form, &Default::default())
        .await
        .unwrap();
    let bad = types::Range {
        gt: Some(-1),
        lt: None,
    };
    println!(
        "refused here: {}",
        client.merge(&bad).await.is_err_and(|error| error.attempts() == 0)
    );
}

async fn credentials(base: &str) {
    use credentials::{Client, Credentials};

    let as_one = |made: Credentials| {
        println!("{made:?}");
        Client::new(base, made).unwrap()
    };
    as_one(Credentials::basic("user", "plain-3"))
        .basic()
        .await
        .unwrap();
    as_one(Credentials::app_id("plain-4").and_app_key("k&5"))
        .both()
        .await
        .unwrap();
    as_one(Credentials::session("plain-6")).cookie().await.unwrap();
    as_one(Credentials::token("plain-7")).any().await.unwrap();
    as_one(Credentials::header_key("plain-8"))
        .inherits()
        .await
        .unwrap();
    as_one(Credentials::header_key("plain-9")).open().await.unwrap();
}

async fn secrets(base: &str) {
    use secrets::types;

    let client = secrets::Client::new(base, secrets::Credentials::anonymous()).unwrap();
    let login = types::LoginSent {
        password: "plain-10".into(),
        hint: None,
    };
    let user = types::UserSent {
        name: "n".into(),
        login: Some(login),
        friend: None,
    };
    println!("{user:?} {:?}", client.create_user(&user).await);
    let short = types::UserSent {
        login: Some(types::LoginSent {
            password: "plain".into(),
            hint: None,
        }),
        ..user
    };
    println!("{:?}", client.create_user(&short).await);
}

fn shapes() {
    use shapes::types::Event;

    let read = |text: &str| serde_json::from_str::<Event>(text).unwrap();
    let sold = read(r#"{ "kind": "sale", "before": { "kind": "hatch", "weight": 2 } }"#);
    let Event::Sold(sold) = &sold else { panic!("{sold:?}") };
    assert!(matches!(sold.before.as_deref(), Some(Event::Born(born)) if born.weight == Some(2.0)));
    let before = r#"{"kind":"birth","weight":2.0}"#;
    assert_eq!(serde_json::to_string(&read(before)).unwrap(), before);
    // A kind that nobody knew, one that is not as it says, and one that says nothing cost nothing.
    for odd in [r#"{"kind":"gift"}"#, r#"{"kind":"birth","weight":[]}"#, "7"] {
        assert!(matches!(read(odd), Event::Unknown(_)), "{odd}");
        assert_eq!(serde_json::to_string(&read(odd)).unwrap(), odd);
    }
}
