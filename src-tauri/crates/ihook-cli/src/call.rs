//! `ihook call`: a command for the running server of a data directory.

use std::io::Read;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::options::{self, Call};
use crate::output;

/// Sends the command and prints its answer.
pub(crate) async fn call(options: Call) -> anyhow::Result<()> {
    let data_dir = options::data_dir(options.data_dir)?;
    let request = if options.request == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        options.request
    };
    let request = ihook_app::commands::read_request(request.as_bytes())?;
    let address = ihook_app::admin_address(&data_dir).with_context(|| {
        format!("no ihook server is running on {}: start one with ihook serve --data-dir", data_dir.display())
    })?;
    let answer = ihook_imis::Client::http()?
        .post(format!("{}/rpc/{}", address.admin, options.command))
        .bearer_auth(&address.admin_token)
        .json(&request)
        .send()
        .await
        .with_context(|| format!("the ihook server of {} does not answer", data_dir.display()))?;
    let fine = answer.status().is_success();
    let body: Value = answer.json().await.context("the answer is not JSON")?;
    if !fine {
        bail!("{}", body["message"].as_str().unwrap_or("the command failed"));
    }
    Ok(output::say(&serde_json::to_string_pretty(&body)?)?)
}
