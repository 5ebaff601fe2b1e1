package dev.mona.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that a request asks for, in the terms of a role.
 *
 * @param namespace empty outside any namespace
 * @param group API group, empty for the core
 */
record Access(String namespace, String group, String resource, String verb) {
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/v[^/]+"
              + "(?:/namespaces/(?<namespace>[^/]+))?/(?<resource>[^/]+)(?:/(?<name>[^/]+))?(?:/.*)?");

  /** What a request asks for, or nothing when it is about no resource. */
  static Optional<Access> of(String method, String pathAndQuery) {
    String[] parts = pathAndQuery.split("\\?", 2);
    Matcher path = PATH.matcher(parts[0]);
    if (!path.matches()) {
      return Optional.empty();
    }
    boolean named = path.group("name") != null;
    boolean watch = parts.length > 1 && parts[1].matches("(.*&)?watch=(true|1)(&.*)?");
    String verb =
        switch (method) {
          case "GET" -> watch ? "watch" : named ? "get" : "list";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> named ? "delete" : "deletecollection";
          default -> method;
        };
    return Optional.of(
        new Access(
            Objects.requireNonNullElse(path.group("namespace"), ""),
            Objects.requireNonNullElse(path.group("group"), ""),
            path.group("resource"),
            verb));
  }

  /** Everything that a role allows. */
  static Set<String> allowedBy(Role role) {
    Set<String> allowed = new TreeSet<>();
    for (PolicyRule rule : role.getRules()) {
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          List<String> verbs = rule.getVerbs();
          verbs.forEach(
              verb ->
                  allowed.add(
                      new Access(role.getMetadata().getNamespace(), group, resource, verb)
                          .toString()));
        }
      }
    }
    return allowed;
  }

  Access withVerb(String other) {
    return new Access(namespace, group, resource, other);
  }

  @Override
  public String toString() {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group) + " in " + namespace;
  }
}
