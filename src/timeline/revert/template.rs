//! Fills the template of a command: `{name}` is a value, quoted, `[…]` is left
//! out where a value in it is not set. The names are explained in `revert.toml`.

use super::super::path::SettingPath;
use super::super::place::{elements_of, scalar_text};
use super::super::state::{SettingChange, State};
use super::super::val::Knowledge;
use super::plan::NEW_ID;
use super::table::{RevertRule, TABLE};
use super::{s3, shell, values};
use crate::resource::Resource;
use serde_json::{Value, json};

/// The path of the roles that belong to a service, whose name comes next.
pub(super) const SERVICE_PATH: &str = "/aws-service-role/";

const TEMPORARY: &str =
    "a temporary key cannot be switched off: deny the role or the user whatever was issued before now";

/// What a template is filled from.
pub(super) struct TemplateFilling<'a> {
    pub(super) resource: &'a Resource,
    /// The state that `{state.…}` is taken from.
    pub(super) state: &'a State,
    pub(super) rule: Option<&'a RevertRule>,
    /// The changes that the command makes; one, but for rules that set fields together.
    pub(super) changes: &'a [SettingChange],
    /// Whether the id of the resource is the one in the variable of the shell.
    pub(super) is_renewed: bool,
}

/// Returns whether a command sets a setting of what it makes.
pub(super) fn has_placeholder_for(template: &str, path: &SettingPath) -> bool {
    let name = path.to_string();
    let first = path.parts().next().unwrap_or_default();
    let raw = template.split_once("{raw:").and_then(|(_, names)| names.split('}').next());
    let is_location = first == "location" && template.contains("{location}");
    let is_input = template.contains("{input}") && first != "tags";
    is_location
        || is_input
        || raw.is_some_and(|names| names.split(',').any(|it| it == first))
        || template.contains(&format!("{{config:{first}}}"))
        || [&name, first].iter().any(|it| {
            template.contains(&format!("{{state.{it}}}")) || template.contains(&format!("{{state.{it}|"))
        })
}

/// Why a value is not there.
enum TemplateGap {
    /// It is not set.
    Unset(String),
    /// There can be no command.
    Refused(String),
}

impl From<String> for TemplateGap {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

impl TemplateGap {
    fn words(self) -> String {
        match self {
            Self::Unset(name) => format!("what it needs is not known: {name}"),
            Self::Refused(why) => why,
        }
    }
}

impl TemplateFilling<'_> {
    /// Returns the command and what it leaves out, or why there is none.
    pub(super) fn command(&self, template: &str) -> Result<(String, Option<String>), String> {
        let mut left_out = Vec::new();
        let mut command = self.fill(template, &mut left_out).map_err(TemplateGap::words)?;
        if let Some(region) = &self.resource.region {
            command.push_str(" --region ");
            shell::push_word(&mut command, &shell::quote_for_shell(region));
        }
        let note = (!left_out.is_empty()).then(|| format!("left out: {}", left_out.join(", ")));
        Ok((command, note))
    }

    fn fill(&self, template: &str, left_out: &mut Vec<String>) -> Result<String, TemplateGap> {
        let mut command = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '[']) {
            command.push_str(&rest[..at]);
            let (open, after) = rest[at..].split_at(1);
            let close = if open == "{" { '}' } else { ']' };
            let inner = after.split(close).next().unwrap_or_default();
            rest = after.get(inner.len() + 1..).unwrap_or_default();
            if open == "{" {
                shell::push_word(&mut command, &self.put(inner)?);
                continue;
            }
            match self.fill(inner, left_out) {
                Ok(part) => command.push_str(&part),
                Err(TemplateGap::Unset(_)) => {}
                // Of what is made or taken away, what is left out is said; a setting would be lost by it.
                Err(TemplateGap::Refused(why)) if self.rule.is_none() => left_out.push(why),
                Err(gap) => return Err(gap),
            }
        }
        command.push_str(rest);
        Ok(command)
    }

    fn put(&self, name: &str) -> Result<String, TemplateGap> {
        let Resource { id, arn, account, .. } = self.resource;
        let unset = || TemplateGap::Unset(name.to_owned());
        match name {
            "" => Ok(shell::quote_for_shell("{}")),
            "id" if self.is_renewed => Ok(format!("\"${NEW_ID}\"")),
            "arn" if self.is_renewed => Err(TemplateGap::Refused("its ARN is a new one".to_owned())),
            "id" => Ok(shell::quote_value(id)?),
            "rule" => Ok(values::rule_of_bus(id)?),
            "arn" => Ok(shell::quote_for_shell(
                arn.as_deref()
                    .or(Some(id).filter(|id| id.starts_with("arn:")).map(String::as_str))
                    .ok_or_else(unset)?,
            )),
            "account" => Ok(shell::quote_for_shell(account.as_deref().ok_or_else(unset)?)),
            "empty" => Ok(shell::quote_document(&json!([]))),
            "queue" => Ok(values::queue_url(self.resource).ok_or_else(unset)?),
            "longterm" if id.starts_with("ASIA") => Err(TemplateGap::Refused(TEMPORARY.to_owned())),
            "longterm" => Ok(shell::quote_value(id)?),
            "service" => self.service().ok_or_else(unset),
            "options" => self.options(),
            "location" => self.location(),
            "input" => Ok(shell::quote_document(&values::capitalize_members(&self.input(None)?))),
            name => match name.split_once(['.', ':']) {
                Some(("state", field)) => self.of_state(field),
                Some(("config", field)) => {
                    let value = self.input(Some(field))?;
                    Ok(shell::quote_document(&values::capitalize_members(
                        value.get(field).ok_or_else(unset)?,
                    )))
                }
                Some(("raw", names)) => Ok(shell::quote_document(&self.input(Some(names))?)),
                _ => self.of_change(name),
            },
        }
    }

    /// `{state.field}`, or `{state.field|what it is where nothing set it}`.
    fn of_state(&self, field: &str) -> Result<String, TemplateGap> {
        let (field, default) = field.split_once('|').map_or((field, None), |(field, it)| (field, Some(it)));
        let path = SettingPath::field(field);
        let val = match self.state.get(&path) {
            // Of a set nothing but its members may be known.
            Knowledge::Known(_) if !self.state.is_closed(&path) => self.state.cell(&path).val,
            val => val,
        };
        match (val, default) {
            (Knowledge::Known(value), _) if Knowledge::Known(value.clone()).is_whole() => match &value {
                Value::Array(list) if !list.is_empty() => Ok(values::quote_list(list)?),
                Value::Array(_) => Err(TemplateGap::Unset(field.to_owned())),
                value => Ok(values::quote_scalar(value)?),
            },
            (Knowledge::Absent, Some(default)) => Ok(shell::quote_value(default)?),
            (Knowledge::Absent, None) => Err(TemplateGap::Unset(field.to_owned())),
            (Knowledge::Unknown(why), _) => {
                Err(TemplateGap::Refused(format!("{field} is unknown: {}", why.words())))
            }
            (Knowledge::Known(_), _) => Err(TemplateGap::Refused(format!("{field} is redacted"))),
        }
    }

    fn of_change(&self, name: &str) -> Result<String, TemplateGap> {
        let unset = || TemplateGap::Unset(name.to_owned());
        let change = self.changes.first().ok_or_else(unset)?;
        let key = change.path.parts().next_back().unwrap_or_default();
        let (of, name) = match name.strip_prefix("was.") {
            Some(name) => (&change.before, name),
            None => (&change.after, name),
        };
        let by_key = match name {
            "key" => Some(shell::quote_value(key)?),
            "keys" => Some(shell::quote_document(&json!([key]))),
            "ec2key" => Some(shell::quote_document(&json!([{ "Key": key }]))),
            "who" if key == "all" => Some("--group-names all".to_owned()),
            "who" => Some(values::shared_with(key)?),
            "members" => Some(shell::quote_document(&json!(
                self.state.members(&change.path).keys().collect::<Vec<_>>()
            ))),
            _ => None,
        };
        if let Some(word) = by_key {
            return Ok(word);
        }
        let default = || self.rule?.defaults.get(key).map(|it| json!(it));
        let default = if *of == Knowledge::Absent { default() } else { None };
        let value = of.known().or(default.as_ref()).ok_or_else(unset)?;
        let found = match name {
            "value" => values::quote_scalar(value)?,
            "json" => shell::quote_document(value),
            "upper" => shell::quote_document(&values::capitalize_members(value)),
            "s3" => shell::quote_document(&s3::convert_configuration(value)),
            "acl" => s3::acl_options(value)?,
            "tag" => shell::quote_document(
                &json!([{ "Key": key, "Value": scalar_text(value).unwrap_or_default() }]),
            ),
            "kmstag" => shell::quote_document(
                &json!([{ "TagKey": key, "TagValue": scalar_text(value).unwrap_or_default() }]),
            ),
            "tags" => shell::quote_document(&json!({ key: scalar_text(value).unwrap_or_default() })),
            "tagset" => shell::quote_document(&s3::tag_set(value)),
            "flat" => shell::quote_value(&values::attribute_text(value))?,
            "valued" => shell::quote_document(&json!({ "Value": value })),
            "upperlist" => shell::quote_document(&json!([values::capitalize_members(value)])),
            "logging" => {
                shell::quote_document(&json!({ "LoggingEnabled": s3::convert_configuration(value) }))
            }
            "upsert" => shell::quote_document(&values::change_batch("UPSERT", value)),
            "removal" => shell::quote_document(&values::change_batch("DELETE", value)),
            "end" => values::end_of_association(value)?,
            "attribute" => shell::quote_document(&json!({ key: values::attribute_text(value) })),
            "permissions" => shell::quote_document(&values::rule_to_permissions(value)?),
            "target" => values::target_option(value)?,
            "destination" => values::destination_option(value)?,
            "direction" => values::direction_flag(value).to_owned(),
            "entry" => values::acl_entry(value)?,
            "statement" => values::permission_options(value)?,
            "qualifier" => values::statement_qualifier(value).ok_or_else(unset)?,
            "grant" => values::grant_options(value)?,
            name => {
                let (how, name) = name.split_once(['.', ':']).unwrap_or(("", name));
                let part = value.get(name).ok_or_else(unset)?;
                match how {
                    "upper" => shell::quote_document(&values::capitalize_members(part)),
                    "list" => shell::quote_document(&json!(elements_of(part))),
                    _ => values::quote_scalar(part)?,
                }
            }
        };
        Ok(found)
    }

    /// All settings, or those of some names, but for tags and what the service keeps itself.
    fn input(&self, names: Option<&str>) -> Result<Value, TemplateGap> {
        let is_part = |path: &SettingPath| {
            let is_kept = TABLE.as_ref().is_some_and(|table| table.is_kept(&self.resource.kind, path));
            let first = path.parts().next().unwrap_or_default();
            let is_asked = names.is_none_or(|names| names.split(',').any(|name| name == first));
            path.parts().len() == 0 || (!is_kept && first != "tags" && is_asked)
        };
        let asked = names.into_iter().flat_map(|names| names.split(',')).map(SettingPath::field);
        let asked = asked.map(|path| (path.clone(), self.state.cell(&path).val));
        let all = self
            .state
            .cells()
            .filter(|(path, _)| is_part(path) && (names.is_none() || path.parts().len() > 0));
        for (path, val) in asked.chain(all.map(|(path, cell)| (path.clone(), cell.val.clone()))) {
            let what =
                if path.parts().len() == 0 { "what else was set".to_owned() } else { path.to_string() };
            match val {
                Knowledge::Unknown(why) => {
                    return Err(TemplateGap::Refused(format!("{what} is unknown: {}", why.words())));
                }
                val if !val.is_whole() => return Err(TemplateGap::Refused(format!("{what} is redacted"))),
                _ => {}
            }
        }
        let mut input = self.state.configuration();
        input.retain(|name, _| is_part(&SettingPath::root().join(name)));
        Ok(Value::Object(input))
    }

    /// Where a bucket is made; nothing for the region that needs no word.
    fn location(&self) -> Result<String, TemplateGap> {
        let location = self.of_state("location|us-east-1")?;
        Ok(match location.as_str() {
            "us-east-1" => String::new(),
            place => format!(" --create-bucket-configuration LocationConstraint={place} --region {place}"),
        })
    }

    /// The service that a role belongs to.
    fn service(&self) -> Option<String> {
        let path = self.state.cell(&SettingPath::field("path")).val;
        let service = path.known()?.as_str()?.strip_prefix(SERVICE_PATH)?.trim_end_matches('/');
        Some(shell::quote_for_shell(service))
    }

    /// The changed settings, each as an option.
    fn options(&self) -> Result<String, TemplateGap> {
        let mut options = Vec::new();
        for change in self.changes {
            let name = change.path.parts().next_back().unwrap_or_default();
            let default = || self.rule?.defaults.get(name).map(|it| json!(it));
            let value = change
                .after
                .known()
                .cloned()
                .or_else(default)
                .ok_or_else(|| TemplateGap::Unset(name.to_owned()))?;
            let flag = self.rule.and_then(|rule| rule.options.get(name)).cloned();
            options.push(values::format_option(
                &flag.unwrap_or_else(|| values::to_kebab_case(name)),
                name,
                &value,
            )?);
        }
        Ok(options.join(" "))
    }
}
