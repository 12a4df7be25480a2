//! Parts that a call takes away by what they are, and not by their ids: a rule of a security group is revoked
//! by its protocol, ports and peer, an address is taken from whatever it is associated with.
//!
//! What a whole holds tells which part that was: where its state names a part by its id, and a call takes
//! that from it, the part is gone. Where nothing tells which part it was, each of which the place is not known may be.

use super::ends::strip_effects;
use super::fold::{TimelineEntry, fold_steps};
use super::groups::merge_identifiers;
use super::path::SettingPath;
use super::step::{Operation, PartRemoval, Step, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use serde_json::Value;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Where the state of a whole names its parts by their ids.
struct HeldParts {
    /// The type of the whole.
    of: &'static str,
    /// The type of the parts.
    part: &'static str,
    /// The settings that hold them, each part under a key of its own; else the setting that is the id.
    at: &'static [&'static str],
    /// The member of what is held that is the id; none where a setting is the id itself.
    id: Option<&'static str>,
}

const HELD: [HeldParts; 2] = [
    HeldParts {
        of: "AWS::EC2::SecurityGroup",
        part: "AWS::EC2::SecurityGroupRule",
        at: &["ingress", "egress"],
        id: Some("securityGroupRuleId"),
    },
    HeldParts {
        of: "AWS::EC2::EIP",
        part: "AWS::EC2::EIPAssociation",
        at: &["association.associationId"],
        id: None,
    },
];

/// What the calls on one whole took from it.
#[derive(Debug, Default)]
pub(super) struct PartRemovals {
    /// The steps on the whole that are known to have taken parts, by the ids of these. One call may take as many
    /// as it names, so all have it together, and without its operations.
    pub(super) taken: HashMap<String, Vec<Arc<Step>>>,
    /// The steps that may have, likewise.
    pub(super) perhaps: HashMap<String, Vec<Arc<Step>>>,
    /// Steps that took something of which no id is known; each once.
    pub(super) unplaced: Vec<Arc<Step>>,
    /// The parts whose place was known.
    pub(super) placed: BTreeSet<String>,
    /// The parts whose place another took, by that place and when.
    replaced: HashMap<(SettingPath, Option<Time>), String>,
}

/// Returns the type of the parts that calls take from one of this type by what they are.
pub(super) fn part_held_by(kind: &str) -> Option<&'static str> {
    find_held_parts(kind).map(|held| held.part)
}

fn find_held_parts(kind: &str) -> Option<&'static HeldParts> {
    HELD.iter().find(|held| held.of == kind)
}

impl Step {
    /// Returns whether it may take a part from its resource without the id of that.
    pub fn may_take_parts(&self) -> bool {
        let moves = |op: &Operation| {
            matches!(
                op,
                Operation::Set { .. } | Operation::ReplaceWhere { .. } | Operation::RemoveWhere { .. }
            )
        };
        find_held_parts(&self.resource.kind).is_some() && self.ops.iter().any(moves)
    }
}

impl HeldParts {
    /// The id of the part that stands at a path.
    fn id_at<'v>(&self, path: &SettingPath, val: &'v Knowledge) -> Option<&'v str> {
        if !self.holds(path) {
            return None;
        }
        let value = val.known()?;
        self.id.map_or(Some(value), |id| value.get(id)).and_then(Value::as_str)
    }

    /// Whether a part may stand at a path.
    fn holds(&self, path: &SettingPath) -> bool {
        let is_there = |at: &&str| match self.id {
            Some(_) => path.parent().is_some_and(|above| above == SettingPath::field(at)),
            None => *path == SettingPath::field(at),
        };
        self.at.iter().any(is_there)
    }
}

/// Finds what the calls on one resource took from it.
pub(super) fn find_part_removals(steps: &[Step]) -> PartRemovals {
    let mut found = PartRemovals::default();
    let Some(resource) = merge_identifiers(steps) else { return found };
    let Some(held) = find_held_parts(&resource.kind) else { return found };
    let mut places: BTreeMap<SettingPath, String> = BTreeMap::new();
    for entry in &fold_steps(resource, steps.to_vec(), None).entries {
        entry_of(entry, held, &mut places, &mut found);
    }
    found
}

fn entry_of(
    entry: &TimelineEntry,
    held: &HeldParts,
    places: &mut BTreeMap<SettingPath, String>,
    found: &mut PartRemovals,
) {
    if !matches!(entry.step.kind, StepOutcome::Applied | StepOutcome::ConfigItem) {
        return;
    }
    if entry.step.action == Action::Created {
        places.clear();
    }
    let (mut left, mut came) = (Vec::new(), Vec::new());
    for change in entry.changes.iter().filter(|change| held.holds(&change.path)) {
        let after = held.id_at(&change.path, &change.after);
        let is_other = |known: &String| match after {
            Some(after) => after != known,
            None => change.after == Knowledge::Absent,
        };
        if places.get(&change.path).is_some_and(is_other) {
            left.extend(places.remove(&change.path).map(|id| (change.path.clone(), id)));
        }
        came.extend(after.map(|id| (change.path.clone(), id.to_owned())));
    }
    let step = &entry.step;
    let end = LazyCell::new(|| Arc::new(strip_effects(step)));
    let mut take = |id: String| found.taken.entry(id).or_default().push(Arc::clone(&end));
    let has_left: HashSet<SettingPath> = left.iter().map(|(path, _)| path.clone()).collect();
    let mut may_be: BTreeSet<&String> = BTreeSet::new();
    let mut looked: HashSet<SettingPath> = HashSet::new();
    let mut is_unplaced = false;
    for path in find_removed_paths(step, held).into_iter().filter(|path| !has_left.contains(path)) {
        may_be.extend(places_alike(places, &path, &mut looked));
        is_unplaced = true;
    }
    for id in may_be {
        found.perhaps.entry(id.clone()).or_default().push(Arc::clone(&end));
    }
    found.unplaced.extend(is_unplaced.then(|| Arc::clone(&end)));
    // One cannot be made while its like is there: of one that took another's place in the second of a
    // call that takes it away, the other was taken.
    if held.id.is_some() {
        let time = step.origin.time;
        let (mut rest, mut replaced) = (Vec::new(), Vec::new());
        let has_come: HashSet<&SettingPath> = came.iter().map(|(path, _)| path).collect();
        for (path, id) in left {
            let at = (path, time);
            match found.replaced.get(&at).filter(|_| came.is_empty()) {
                Some(old) => {
                    found.perhaps.remove(old);
                    take(old.clone());
                    places.insert(at.0, id);
                }
                // What made its like did not take it: that it is gone is known, and not by whom.
                None if has_come.contains(&at.0) => replaced.push((at, id)),
                None => rest.push((at.0, id)),
            }
        }
        for (at, id) in replaced {
            found.perhaps.entry(id.clone()).or_default().push(Arc::clone(&end));
            found.replaced.insert(at, id);
        }
        left = rest;
    }
    // What only has another place now is still there.
    let has_come: HashSet<&String> = came.iter().map(|(_, id)| id).collect();
    left.into_iter().filter(|(_, id)| !has_come.contains(id)).for_each(|(_, id)| take(id));
    found.placed.extend(came.iter().map(|(_, id)| id.clone()));
    places.extend(came);
}

/// The places whose members a call took away by what they are.
fn find_removed_paths(step: &Step, held: &HeldParts) -> Vec<SettingPath> {
    let ops = step.ops.iter().filter(|_| held.id.is_some() && step.kind == StepOutcome::Applied);
    let gone = ops.filter_map(|op| match op {
        Operation::Set { path, val: Knowledge::Absent, .. } if held.holds(path) => Some(path.clone()),
        _ => None,
    });
    gone.collect()
}

/// The rules that may be one that is gone: a peer may be a group by its name here and by its id there. Whatever its
/// name, all groups that are known by their ids may be it: those of some ports are looked for once a call.
fn places_alike<'p>(
    places: &'p BTreeMap<SettingPath, String>,
    gone: &SettingPath,
    looked: &mut HashSet<SettingPath>,
) -> impl Iterator<Item = &'p String> {
    let is_id = |peer: &str| ["sg-", "pl-"].iter().any(|kind| peer.starts_with(kind)) || peer.contains('/');
    let key = gone.parts().next_back().unwrap_or_default().to_owned();
    let ends: Vec<usize> = key.match_indices(' ').map(|(at, _)| at).collect();
    let above = gone.parent().unwrap_or_default();
    // The ports, in front of a name that may have spaces as well.
    let starts = ends.into_iter().filter_map(|at| {
        let (ports, peer) = (&key[..at], &key[at + 1..]);
        let start = format!("{ports} sg-");
        let from = above.join(&start);
        let is_name = !peer.is_empty() && !is_id(peer);
        (is_name && looked.insert(from.clone())).then_some((at, start, from))
    });
    starts.collect::<Vec<_>>().into_iter().flat_map(move |(at, start, from)| {
        let above = above.clone();
        let found = places.range(from..).take_while(move |(path, _)| {
            let is_here = path.parent().as_ref() == Some(&above);
            is_here && path.parts().next_back().is_some_and(|key| key.starts_with(&start))
        });
        let is_whole = move |path: &SettingPath| {
            path.parts().next_back().and_then(|key| key.get(at + 1..)).is_some_and(|peer| !peer.contains(' '))
        };
        found.filter(move |(path, _)| is_whole(path)).map(|(_, id)| id)
    })
}

impl PartRemovals {
    /// Returns the steps that took a part away, or may have.
    pub(super) fn of_part<'s>(&'s self, id: &str) -> Vec<(&'s Step, PartRemoval)> {
        let of = |parts: &'s HashMap<String, Vec<Arc<Step>>>| {
            parts.get(id).into_iter().flatten().map(AsRef::as_ref)
        };
        let surely = of(&self.taken).map(|step| (step, PartRemoval::Surely));
        let perhaps = of(&self.perhaps).map(|step| (step, PartRemoval::Perhaps));
        let mut all: Vec<_> = surely.chain(perhaps).collect();
        if !self.placed.contains(id) {
            all.extend(self.unplaced.iter().map(|step| (step.as_ref(), PartRemoval::Perhaps)));
        }
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::state::Existence;
    use super::super::{StepStore, Timeline, extract_steps};
    use crate::catalog::Catalog;
    use crate::event::EventParser;
    use serde_json::{Value, json};

    const GROUP: &str = "sg-0aaaaaaaaaaaaaaa1";

    /// The record of a call at a second, which is its id.
    fn call(second: usize, name: &str, request: Value, response: Value) -> String {
        json!({"eventTime": format!("2024-01-01T00:00:{second:02}Z"), "eventName": name,
            "eventID": format!("e-{second}-{name}"), "eventSource": "ec2.amazonaws.com", "awsRegion": "eu-west-1",
            "readOnly": false, "recipientAccountId": "111122223333",
            "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
            "requestParameters": request, "responseElements": response})
        .to_string()
    }

    fn timelines(records: &[String]) -> Vec<Timeline> {
        let mut all = StepStore::default();
        for record in records {
            EventParser::default()
                .read(record.as_bytes(), |event| {
                    all.add(extract_steps(&Catalog::default(), event, &|_| true))
                })
                .unwrap();
        }
        all.fold(None)
    }

    fn end_of(id: &str, records: &[String]) -> (Existence, String) {
        let found = timelines(records).into_iter().find(|it| it.resource.id == id).unwrap();
        let by = found.state.exists_by.map(|by| by.event_name.clone()).unwrap_or_default();
        (found.state.exists, by)
    }

    fn rule(id: &str, is_egress: bool, mut what: Value) -> Value {
        let of = json!({"groupId": GROUP, "securityGroupRuleId": id, "isEgress": is_egress});
        what.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
        json!({"_return": true, "securityGroupRuleSet": {"items": [what]}})
    }

    fn permission(mut what: Value) -> Value {
        what.as_object_mut().unwrap().insert("groupId".to_owned(), GROUP.into());
        what
    }

    fn ssh() -> Value {
        json!({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"})
    }

    fn flat_ssh() -> Value {
        permission(
            json!({"ipPermissions": {}, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/0"}),
        )
    }

    #[test]
    fn every_form_of_a_revocation_finds_its_rule() {
        let items = |what: Value| json!({"items": [what]});
        let ranges = |kind: &str, what: Value| {
            permission(
                json!({"ipPermissions": items(json!({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, kind: items(what)}))}),
            )
        };
        let tcp = |peer: Value| {
            let mut rule = json!({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22});
            rule.as_object_mut().unwrap().extend(peer.as_object().unwrap().clone());
            rule
        };
        let cases = [
            ("Ingress", ssh(), flat_ssh()),
            ("Ingress", ssh(), ranges("ipRanges", json!({"cidrIp": "0.0.0.0/0", "description": "other"}))),
            (
                "Egress",
                tcp(json!({"cidrIpv6": "::/0"})),
                ranges("ipv6Ranges", json!({"cidrIpv6": "0:0::/0"})),
            ),
            (
                "Ingress",
                tcp(json!({"cidrIpv4": "10.0.0.0/16"})),
                ranges("ipRanges", json!({"cidrIp": "10.0.3.4/16"})),
            ),
            (
                "Ingress",
                tcp(json!({"prefixListId": "pl-1"})),
                ranges("prefixListIds", json!({"prefixListId": "pl-1"})),
            ),
            (
                "Ingress",
                tcp(json!({"referencedGroupInfo": {"groupId": "sg-2", "userId": "111122223333"}})),
                ranges("groups", json!({"groupId": "sg-2", "userId": "111122223333"})),
            ),
            (
                "Egress",
                json!({"ipProtocol": "-1", "fromPort": -1, "toPort": -1, "cidrIpv4": "0.0.0.0/0"}),
                permission(
                    json!({"ipPermissions": items(json!({"ipProtocol": "-1", "ipRanges": items(json!({"cidrIp": "0.0.0.0/0"}))}))}),
                ),
            ),
            (
                "Ingress",
                ssh(),
                permission(json!({"securityGroupRuleIds": items(json!({"securityGroupRuleId": "sgr-1"}))})),
            ),
        ];
        for (way, what, revoked) in cases {
            let revoke = format!("RevokeSecurityGroup{way}");
            let records = [
                call(
                    1,
                    &format!("AuthorizeSecurityGroup{way}"),
                    json!({"groupId": GROUP}),
                    rule("sgr-1", way == "Egress", what),
                ),
                call(2, &revoke, revoked.clone(), json!({"_return": true})),
                call(3, "DeleteSecurityGroup", json!({"groupId": GROUP}), json!({"_return": true})),
            ];
            assert_eq!(end_of("sgr-1", &records), (Existence::Gone, revoke), "{revoked}");
        }
    }

    #[test]
    fn another_permission_another_way_and_another_group_are_no_end() {
        let made =
            call(1, "AuthorizeSecurityGroupIngress", json!({"groupId": GROUP}), rule("sgr-1", false, ssh()));
        let mut https = flat_ssh();
        https["fromPort"] = 443.into();
        https["toPort"] = 443.into();
        let mut elsewhere = flat_ssh();
        elsewhere["groupId"] = "sg-0bbbbbbbbbbbbbbb2".into();
        for (name, request) in [
            ("RevokeSecurityGroupIngress", https),
            ("RevokeSecurityGroupEgress", flat_ssh()),
            ("RevokeSecurityGroupIngress", elsewhere),
        ] {
            let records = [made.clone(), call(2, name, request.clone(), json!({"_return": true}))];
            assert_eq!(end_of("sgr-1", &records).0, Existence::Exists, "{name} {request}");
        }
    }

    #[test]
    fn a_rule_is_revoked_by_what_it_is_then() {
        let made =
            call(1, "AuthorizeSecurityGroupIngress", json!({"groupId": GROUP}), rule("sgr-1", false, ssh()));
        let modified = call(
            2,
            "ModifySecurityGroupRules",
            json!({"ModifySecurityGroupRulesRequest": {"GroupId": GROUP, "SecurityGroupRule": {"tag": 1,
                "SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 23, "ToPort": 23, "CidrIpv4": "0.0.0.0/0"}}}}),
            json!({"ModifySecurityGroupRulesResponse": {"return": true}}),
        );
        let revoke = |port: u16| {
            let mut request = flat_ssh();
            request["fromPort"] = port.into();
            request["toPort"] = port.into();
            call(3, "RevokeSecurityGroupIngress", request, json!({"_return": true}))
        };
        assert_eq!(end_of("sgr-1", &[made.clone(), modified.clone(), revoke(23)]).0, Existence::Gone);
        assert_eq!(end_of("sgr-1", &[made, modified, revoke(22)]).0, Existence::Exists);
    }

    #[test]
    fn a_rule_that_is_made_again_is_another() {
        let made = |second, id| {
            call(second, "AuthorizeSecurityGroupIngress", json!({"groupId": GROUP}), rule(id, false, ssh()))
        };
        let revoked =
            |second| call(second, "RevokeSecurityGroupIngress", flat_ssh(), json!({"_return": true}));
        for at in [2, 3] {
            let records = [made(1, "sgr-1"), revoked(2), made(at, "sgr-2")];
            assert_eq!(end_of("sgr-1", &records).0, Existence::Gone, "{at}");
            assert_eq!(end_of("sgr-2", &records).0, Existence::Exists, "{at}");
        }
    }

    #[test]
    fn a_group_by_its_name_may_be_the_one_by_its_id() {
        let peer = json!({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "referencedGroupInfo": {"groupId": "sg-2"}});
        let made =
            call(1, "AuthorizeSecurityGroupIngress", json!({"groupId": GROUP}), rule("sgr-1", false, peer));
        let request = permission(
            json!({"ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
            "groups": {"items": [{"groupName": "web servers"}]}}]}}),
        );
        let revoked = call(2, "RevokeSecurityGroupIngress", request, json!({"_return": true}));
        let (exists, by) = end_of("sgr-1", &[made, revoked]);
        assert_eq!((exists, by.as_str()), (Existence::Unknown, "RevokeSecurityGroupIngress"));
    }

    /// A call that takes many rules is held once, and without what it did to each.
    #[test]
    fn what_is_held_grows_with_the_rules_of_a_call() {
        let work = |number: usize| {
            let rule = |it: usize| {
                json!({"ipProtocol": "tcp", "fromPort": it, "toPort": it,
                "ipRanges": {"items": [{"cidrIp": "10.0.0.0/16"}]}})
            };
            let request = permission(
                json!({"ipPermissions": {"items": (0..number).map(rule).collect::<Vec<Value>>()}}),
            );
            let revoked = call(1, "RevokeSecurityGroupIngress", request, json!({"_return": true}));
            let steps = EventParser::default()
                .read(revoked.as_bytes(), |event| extract_steps(&Catalog::default(), event, &|_| true));
            let steps: Vec<_> = steps.unwrap().into_iter().filter(|it| it.resource.id == GROUP).collect();
            assert!(steps.iter().any(|step| step.ops.len() >= number));
            let held = super::find_part_removals(&steps).unplaced;
            assert!(!held.is_empty());
            held.iter().map(|step| 1 + step.ops.len()).sum::<usize>()
        };
        let (once, twice) = (work(100), work(200));
        assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
    }

    /// An address is taken from what it is associated with by the address, or by being associated anew.
    #[test]
    fn an_address_that_is_taken_away_ends_its_association() {
        let id = "eipassoc-0aaaaaaaaaaaaaaa1";
        let address = "eipalloc-0aaaaaaaaaaaaaaa1";
        let allocated = call(
            1,
            "AllocateAddress",
            json!({"domain": "vpc"}),
            json!({"allocationId": address, "publicIp": "192.0.2.7"}),
        );
        let made = |second, id: &str| {
            let request = json!({"allocationId": address, "instanceId": format!("i-0aaaaaaaaaaaaaaa{second}"), "allowReassociation": true});
            call(second, "AssociateAddress", request, json!({"_return": true, "associationId": id}))
        };
        let taken =
            call(3, "DisassociateAddress", json!({"publicIp": "192.0.2.7"}), json!({"_return": true}));
        let records = [allocated.clone(), made(2, id), taken];
        assert_eq!(end_of(id, &records), (Existence::Gone, "DisassociateAddress".to_owned()));
        let again = [allocated, made(2, id), made(3, "eipassoc-0bbbbbbbbbbbbbbb2")];
        assert_eq!(end_of(id, &again), (Existence::Gone, "AssociateAddress".to_owned()));
        assert_eq!(end_of("eipassoc-0bbbbbbbbbbbbbbb2", &again).0, Existence::Exists);
    }
}
