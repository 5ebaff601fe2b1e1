package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.config.ChangedSettings;
import java.util.List;
import java.util.Optional;

/**
 * What {@code validate} found: the plan, the cluster for it, the settings.
 *
 * @param plan what a run does
 * @param cluster memory that it takes; empty where nobody asked
 * @param all whether to show settings that are as their defaults, too
 */
public record ValidationText(PlanText plan, Optional<ClusterText> cluster, boolean all)
    implements Printed {
  @Override
  public String text() {
    String settings = all ? rendered() : ChangedSettings.of(rendered()).text();
    return plan.text()
        + cluster.map(c -> "\n" + c.text()).orElse("")
        + "\n"
        + settings
        + "\nconfiguration "
        + plan.config().hash()
        + "\n";
  }

  @Override
  public JsonNode json() {
    ObjectNode root = plan.json();
    cluster.ifPresent(c -> root.set("cluster", c.json()));
    List<String> settings =
        all ? rendered().lines().toList() : ChangedSettings.of(rendered()).lines();
    root.set("settings", JsonForm.settings(settings));
    return root.put("config_sha256", plan.config().hash());
  }

  private String rendered() {
    return plan.config().rendered();
  }
}
