//! AWS Config's configuration items as steps: they seed a state, and where the
//! fold knows better or worse, they say so (`observe`).
//!
//! Items in delivered files and those that the API gives are spelled
//! differently; both are read, and so are the messages that AWS Config sends
//! (`document`). What an item says of settings is in `settings`.

mod document;
mod settings;
mod shape;

pub use settings::is_mapped;
pub(super) use settings::{BESIDE, is_checked};
pub(super) use shape::in_shape;

use super::extract::{EventOwners, find_owners};
use super::normal::parse_document as document_in;
use super::place::scalar_text;
use super::step::{COMPLIANCE, CONFIG, ITEM, Operation, Step, StepOrigin, StepOutcome};
use crate::catalog::Action;
use crate::event::{Time, content_fingerprint};
use crate::resource::Resource;
use document::{ConfigDocument, find_member};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// When AWS Config saw it.
const CAPTURE: &str = "configurationItemCaptureTime";

/// What a document of AWS Config holds.
#[derive(Default)]
pub struct ConfigItems {
    /// The items that can be used, and what rules said of resources.
    pub steps: Vec<Step>,
    /// How many cannot.
    pub odd: u64,
    /// What the first of these lacks, with its place in the file.
    pub first_odd: Option<(usize, &'static str)>,
    /// Messages that tell nothing of a resource, by their kind.
    pub news: BTreeMap<String, u64>,
}

/// Reads a document: a history, a snapshot, the answer of `get-resource-config-history` and its like, a message
/// of AWS Config in whatever envelope. `None` when it is nothing of AWS Config's.
pub fn read_config_items(whole: &Value) -> Option<ConfigItems> {
    let mut items = ConfigItems::default();
    for (place, told) in document::read(whole)?.into_iter().enumerate() {
        let read = match told {
            ConfigDocument::Item { item, whole } => read_item(&item, whole),
            ConfigDocument::Summary { item, kept_at } => read_summary(&item, kept_at.as_deref()),
            ConfigDocument::Compliance(result) => read_compliance(&result),
            ConfigDocument::Odd(lacks) => Err(lacks),
            ConfigDocument::News(kind) => {
                *items.news.entry(kind).or_default() += 1;
                continue;
            }
        };
        match read {
            Ok(step) => items.steps.push(step),
            Err(lacks) => {
                items.odd += 1;
                items.first_odd.get_or_insert((place, lacks));
            }
        }
    }
    Some(items)
}

/// The members of an item, whatever case its tool writes them in.
struct ItemMembers<'v>(&'v Map<String, Value>);

impl<'v> ItemMembers<'v> {
    fn of(item: &'v Value) -> Result<Self, &'static str> {
        item.as_object().map(Self).ok_or("it is no JSON object")
    }

    fn get(&self, names: &[&str]) -> Option<&'v Value> {
        names.iter().find_map(|name| find_member(self.0, name)).filter(|value| !value.is_null())
    }

    fn word(&self, names: &[&str]) -> Option<String> {
        self.get(names).and_then(scalar_text).filter(|text| !text.is_empty())
    }

    /// The resource, by all that the item calls it.
    fn resource(&self) -> Result<Resource, &'static str> {
        let kind = self.word(&["resourceType"]).ok_or("it has no resource type")?;
        let arn = self.word(&["arn"]);
        let (id, name) = (self.word(&["resourceId"]), self.word(&["resourceName"]));
        let by_name =
            ["AWS::IAM::", "AWS::RDS::", "AWS::S3::", "AWS::Lambda::"].iter().any(|it| kind.starts_with(it));
        let of_arn = arn.as_deref().and_then(Resource::from_arn).filter(|it| it.kind == kind);
        let (first, second) = if by_name { (&name, &id) } else { (&id, &name) };
        let named = || first.as_deref().or(second.as_deref()).map(|it| Resource::new(&kind, it));
        let mut resource = of_arn.or_else(named).ok_or("it names no resource")?;
        for more in [&arn, &id, &name].into_iter().flatten() {
            resource.also(more);
        }
        let account = self.word(&["awsAccountId", "accountId"]);
        let region = self.word(&["awsRegion"]).filter(|it| it != "global");
        resource.owned_by(account.as_deref(), region.as_deref());
        Ok(resource)
    }

    /// What stands for the event, as there is none.
    fn origin(&self, whole: &Value, name: &str, time: Time) -> StepOrigin {
        StepOrigin {
            time: Some(time),
            event_id: self.word(&["configurationStateId"]).map(|id| format!("config:{id}")),
            fingerprint: content_fingerprint(whole.to_string().as_bytes()),
            partial: false,
            event_name: name.to_owned(),
            event_source: CONFIG.to_owned(),
            who: "AWS Config".to_owned(),
            error_code: None,
            shared_id: None,
            account: self.word(&["awsAccountId", "accountId"]),
            region: self.word(&["awsRegion"]).filter(|it| it != "global"),
        }
    }

    /// A step that saw the resource, and nothing of it yet.
    fn seen(&self, whole: &Value) -> Result<Step, &'static str> {
        let resource = self.resource()?;
        let time = self
            .word(&[CAPTURE])
            .and_then(|text| Time::of_service(&text))
            .ok_or("it has no time of capture")?;
        let status = self.word(&["configurationItemStatus"]).unwrap_or_default();
        let gone = status.starts_with("ResourceDeleted");
        let mut step = step_of(resource, self.origin(whole, ITEM, time));
        step.action = if gone { Action::Deleted } else { Action::Changed };
        step.order = self.word(&["configurationStateId"]).and_then(|it| it.parse().ok());
        step.made_at = self.word(&["resourceCreationTime"]).and_then(|text| Time::of_service(&text));
        let events = self.get(&["relatedEvents"]).and_then(Value::as_array);
        let ids = events.into_iter().flatten().filter_map(scalar_text);
        step.caused_by = ids.filter(|id| !id.is_empty()).collect();
        Ok(step)
    }
}

fn step_of(resource: Resource, origin: StepOrigin) -> Step {
    Step {
        origin: Arc::new(origin),
        resource,
        action: Action::Changed,
        or: None,
        kind: StepOutcome::ConfigItem,
        ops: Vec::new(),
        tried: Vec::new(),
        note: None,
        order: None,
        chain: None,
        link: None,
        links: Vec::new(),
        caused_by: Vec::new(),
        made_at: None,
        owners: Vec::new(),
        repeatable: false,
        related: false,
        ended_with: None,
    }
}

/// Reads an item; an error says what it lacks. What a `whole` one does not have is not set.
fn read_item(item: &Value, whole: bool) -> Result<Step, &'static str> {
    let members = ItemMembers::of(item)?;
    let mut step = members.seen(item)?;
    let inner = |name: &str| members.get(&[name]).map_or(Ok(Value::Null), parse_nested_text);
    let configuration = inner("configuration").map_err(|()| "its configuration is no JSON")?;
    if step.action == Action::Deleted {
        return Ok(step);
    }
    let beside = match inner(BESIDE) {
        // Of the API each member is a text of its own.
        Ok(Value::Object(object)) => object
            .into_iter()
            .map(|(name, value)| (name, parse_nested_text(&value).unwrap_or(value)))
            .collect(),
        _ => Value::Null,
    };
    step.ops = settings::read_settings(&step.resource.kind, &configuration, &beside);
    // Of what is not recorded any more there is no configuration.
    if whole && configuration.as_object().is_some_and(|it| !it.is_empty()) {
        step.ops.push(Operation::ClearRest);
    }
    if let Some(tags) = members.get(&["tags"]).filter(|tags| tags.is_object() || tags.is_array()) {
        step.ops.extend(settings::tag_ops(tags));
    }
    step.owners = find_owners(&step.resource, &step.ops, &EventOwners::default(), None);
    Ok(step)
}

/// Reads an item that was too large for its message.
fn read_summary(item: &Value, kept_at: Option<&str>) -> Result<Step, &'static str> {
    // The same without a place is a message of its own.
    let whole = Value::Array(vec![item.clone(), kept_at.into()]);
    let mut step = ItemMembers::of(item)?.seen(&whole)?;
    step.note = Some(match kept_at {
        Some(place) => format!("AWS Config, without its configuration: that is in s3://{place}"),
        None => "AWS Config, without its configuration".to_owned(),
    });
    Ok(step)
}

/// Reads what a rule says of a resource: a message, or a result as the API gives it.
fn read_compliance(result: &Value) -> Result<Step, &'static str> {
    let members = ItemMembers::of(result)?;
    let new = members.get(&["newEvaluationResult"]).and_then(Value::as_object).unwrap_or(members.0);
    let within =
        |names: &[&str]| names.iter().try_fold(new, |object, name| find_member(object, name)?.as_object());
    let named = within(&["evaluationResultIdentifier", "evaluationResultQualifier"]);
    let named = if members.get(&["resourceType"]).is_some() {
        members.0
    } else {
        named.ok_or("it names no resource")?
    };
    let (new, named) = (ItemMembers(new), ItemMembers(named));
    let mut resource = named.resource()?;
    let owner = (members.word(&["awsAccountId"]), members.word(&["awsRegion"]));
    resource.owned_by(owner.0.as_deref(), owner.1.as_deref());
    let time = new.word(&["resultRecordedTime"]).or_else(|| members.word(&["notificationCreationTime"]));
    let time = time.and_then(|text| Time::of_service(&text)).ok_or("it has no time")?;
    let verdict = new.word(&["complianceType"]).unwrap_or_else(|| "no result any more".to_owned());
    let old = members.get(&["oldEvaluationResult"]).and_then(Value::as_object);
    let before = old.and_then(|it| ItemMembers(it).word(&["complianceType"]));
    let rule =
        named.word(&["configRuleName"]).or_else(|| members.word(&["configRuleName"])).unwrap_or_default();
    let mut step = step_of(resource, members.origin(result, COMPLIANCE, time));
    let before = before.map(|it| format!(", before {it}")).unwrap_or_default();
    step.note = Some(format!("{verdict} by rule `{rule}`{before}"));
    Ok(step)
}

/// Takes out what is written as text, as the API has it: an object, a flag, a policy in a text in a text.
fn parse_nested_text(value: &Value) -> Result<Value, ()> {
    let Value::String(text) = value else { return Ok(value.clone()) };
    let text = text.trim();
    if let Some(object) = document_in(text) {
        return Ok(object);
    }
    // Of what was deleted there is none.
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_str(text).map_err(drop)? {
        Value::String(inner) => Ok(document_in(&inner).unwrap_or(Value::String(inner))),
        other => Ok(other),
    }
}
