//! Makes a pattern of its JSON.

use super::EventPattern;
use super::json::{PatternKind, PatternMember, PatternMistake, PatternValue};
use super::leaf::{PatternLeaf, WantedValue};
use super::wanted::{exact_test, parse_number, parse_test};

/// How many branches `$or` may make: more would be searched one by one. EventBridge refuses as many.
const MOST_BRANCHES: usize = 1000;

/// How many names may lead to a field.
const DEEPEST: usize = 64;

/// Names of tests, known or reserved: no branch of an `$or` is a field called so.
const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// Compiles a whole pattern.
pub(super) fn compile_pattern(value: &PatternValue) -> Result<EventPattern, PatternMistake> {
    let PatternKind::Object(members) = &value.kind else {
        return Err(PatternMistake::new(value.at, "expected an object")
            .hint("write `{\"source\": [\"aws.iam\"], \"detail\": {\"eventName\": [\"CreateUser\"]}}`"));
    };
    let mut parser = PatternParser::default();
    let branches = parser.object(value.at, members, &mut Vec::new(), vec![Vec::new()])?;
    parser.finish(branches)
}

#[derive(Default)]
struct PatternParser {
    leaves: Vec<PatternLeaf>,
}

/// The fields of each branch, by their numbers.
type PatternBranches = Vec<Vec<usize>>;

impl PatternParser {
    /// The fields of an object are wanted beside those of `branches`.
    fn object<'p>(
        &mut self,
        at: usize,
        members: &'p [PatternMember],
        path: &mut Vec<&'p str>,
        mut branches: PatternBranches,
    ) -> Result<PatternBranches, PatternMistake> {
        if members.is_empty() {
            return Err(PatternMistake::new(at, "expected a field").of(&path.join(".")));
        }
        for member in members {
            if let Some(alternatives) = find_alternatives(member) {
                let mut all = Vec::new();
                for (at, members) in alternatives {
                    all.extend(self.object(at, members, path, branches.clone())?);
                    if all.len() > MOST_BRANCHES {
                        let message = format!("more than {MOST_BRANCHES} combinations of `$or`");
                        return Err(PatternMistake::new(member.at, message).of(&path.join(".")));
                    }
                }
                branches = all;
                continue;
            }
            path.push(&member.name);
            branches = self.field(member, path, branches)?;
            path.pop();
        }
        Ok(branches)
    }

    fn field<'p>(
        &mut self,
        member: &'p PatternMember,
        path: &mut Vec<&'p str>,
        mut branches: PatternBranches,
    ) -> Result<PatternBranches, PatternMistake> {
        let name = path.join(".");
        if member.name.is_empty() {
            return Err(PatternMistake::new(member.at, "expected the name of a field").of(&name));
        }
        if name.matches('.').count() >= DEEPEST {
            return Err(PatternMistake::new(member.at, format!("more than {DEEPEST} levels")).of(&name));
        }
        let values = match &member.value.kind {
            PatternKind::Object(members) => return self.object(member.value.at, members, path, branches),
            PatternKind::Array(values) => values,
            _ => {
                return Err(PatternMistake::new(member.value.at, "expected an array or an object")
                    .of(&name)
                    .hint("the values of a field stand in an array, one as well: `[\"value\"]`"));
            }
        };
        let leaf = parse_leaf(member, values, &name).map_err(|mistake| mistake.of(&name))?;
        for branch in &mut branches {
            branch.push(self.leaves.len());
        }
        self.leaves.push(leaf);
        Ok(branches)
    }

    /// Puts the fields in the order of their paths.
    fn finish(self, mut branches: PatternBranches) -> Result<EventPattern, PatternMistake> {
        let mut order: Vec<usize> = (0..self.leaves.len()).collect();
        order.sort_by(|a, b| self.leaves[*a].path.cmp(&self.leaves[*b].path));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, leaf)| places[*leaf] = place);
        let leaves: Vec<PatternLeaf> = order.iter().map(|leaf| self.leaves[*leaf].clone()).collect();
        for branch in &mut branches {
            branch.iter_mut().for_each(|leaf| *leaf = places[*leaf]);
            branch.sort_unstable();
            let twice = branch.windows(2).find(|pair| leaves[pair[0]].path == leaves[pair[1]].path);
            if let Some(pair) = twice {
                let at = leaves[pair[0]].at.max(leaves[pair[1]].at);
                return Err(PatternMistake::new(at, "the same field twice").of(&leaves[pair[0]].path).hint(
                    "write every value of a field in one array: EventBridge would heed the last only",
                ));
            }
        }
        Ok(EventPattern { leaves, branches })
    }
}

/// Returns the alternatives that an `$or` gives; `None` where it is a field that happens to be called so.
fn find_alternatives(member: &PatternMember) -> Option<Vec<(usize, &[PatternMember])>> {
    let PatternKind::Array(values) = &member.value.kind else { return None };
    let objects = values.iter().map(|value| match &value.kind {
        PatternKind::Object(members) => Some((value.at, &members[..])),
        _ => None,
    });
    let objects = objects.collect::<Option<Vec<_>>>().filter(|all| member.name == "$or" && all.len() > 1)?;
    let is_test = |member: &PatternMember| RESERVED.contains(&member.name.as_str());
    let has_test = objects.iter().any(|(_, members)| members.iter().any(is_test));
    (!has_test).then_some(objects)
}

fn parse_leaf(
    member: &PatternMember,
    values: &[PatternValue],
    path: &str,
) -> Result<PatternLeaf, PatternMistake> {
    if values.is_empty() {
        return Err(PatternMistake::new(member.value.at, "expected a value in the array")
            .hint("`[{\"exists\": true}]` takes any value, `[{\"exists\": false}]` none"));
    }
    let mut leaf = PatternLeaf { path: path.into(), wanted: Vec::new(), absent: false, at: member.at };
    for value in values {
        match &value.kind {
            PatternKind::Text(text) => leaf.wanted.push(WantedValue::Text(exact_test(text, path))),
            PatternKind::Number(text) => leaf.wanted.push(WantedValue::Number(parse_number(text, value.at)?)),
            PatternKind::Flag(flag) => leaf.wanted.push(WantedValue::Flag(*flag)),
            PatternKind::Null => leaf.wanted.push(WantedValue::Null),
            PatternKind::Array(_) => {
                return Err(PatternMistake::new(value.at, "expected a value, found an array in the array"));
            }
            PatternKind::Object(members) => match parse_test(value.at, members, path)? {
                Some(wanted) => leaf.wanted.push(wanted),
                None => leaf.absent = true,
            },
        }
    }
    Ok(leaf)
}
