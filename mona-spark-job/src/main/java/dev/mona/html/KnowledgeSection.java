package dev.mona.html;

import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.html.Plot.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is left of the source's knowledge, and how far the target is from it.
 *
 * @param history epochs
 * @param scores final scores
 */
record KnowledgeSection(History history, Scores scores) {
  private static final String GAP = "forgetting_gap";

  /** A measure before and after, and how to read it. */
  private record Kept(Measure before, Measure after, String name, String reading) {}

  private static final List<Kept> KEPT =
      List.of(
          new Kept(
              Measure.PROBE_ERROR_PRETRAINED,
              Measure.PROBE_ERROR,
              "Source probe error",
              "A linear probe of the source's classes, fitted on the pretrained encoder and not"
                  + " refitted."),
          new Kept(
              Measure.OUTER_LOSS_PRETRAINED,
              Measure.OUTER_LOSS,
              "Outer loss of the source",
              "What the alignment keeps low: alignment and uniformity of source representations."),
          new Kept(
              Measure.DAVIES_BOULDIN_PRETRAINED,
              Measure.DAVIES_BOULDIN,
              "Davies-Bouldin index of the source",
              "How much the source's classes overlap."));

  void write(Page page) {
    boolean known = KEPT.stream().anyMatch(kept -> known(kept.after()) || has(kept.after()));
    page.section("knowledge", "Source knowledge");
    if (!known && !history.has(GAP) && !known(Measure.DISCREPANCY)) {
      page.note("Not measured: the run was made with evaluation.retention = false, or broke off.");
      page.end();
      return;
    }
    page.sentence("Lower is better everywhere. Dashed: the pretrained encoder.");
    table(page);
    page.charts();
    Lines gap = CurvesSection.curves(history, GAP, "forgetting gap");
    if (!gap.isEmpty()) {
      page.chart(
          "Forgetting gap",
          gap.level(0).chart(),
          "What one step on the target does to the source while the encoder is frozen; below 0 it"
              + " helps.");
    }
    for (Kept kept : KEPT) {
      Lines lines = CurvesSection.curves(history, kept.after().id(), word(kept.after()));
      if (!lines.isEmpty()) {
        page.chart(kept.name(), lines.level(scores.of(kept.before())).chart(), kept.reading());
      }
    }
    discrepancy(page);
    page.end().end();
  }

  private boolean known(Measure measure) {
    return Double.isFinite(scores.of(measure));
  }

  private boolean has(Measure measure) {
    return history.has(measure.id());
  }

  private void table(Page page) {
    List<List<String>> rows = new ArrayList<>();
    for (Kept kept : KEPT) {
      if (known(kept.before()) || known(kept.after())) {
        double before = scores.of(kept.before());
        double after = scores.of(kept.after());
        rows.add(
            List.of(
                kept.name(),
                Figures.number(before),
                Figures.number(after),
                signed(after - before)));
      }
    }
    if (known(Measure.DISCREPANCY)) {
      double before = scores.of(Measure.DISCREPANCY_INITIAL);
      double after = scores.of(Measure.DISCREPANCY);
      rows.add(
          List.of(
              "Discrepancy between the modalities (new and trained embedder)",
              Figures.number(before),
              Figures.number(after),
              signed(after - before)));
    }
    if (!rows.isEmpty()) {
      page.table(List.of("measure", "before", "after", "change"), rows);
    }
  }

  private static String signed(double change) {
    return (change > 0 ? "+" : "") + Figures.number(change);
  }

  /** A curve where epochs have it, or else the moments that are measured. */
  private void discrepancy(Page page) {
    String reading =
        "Modality knowledge discrepancy: how far the target's classes are from the" + " source's.";
    Lines curve = CurvesSection.curves(history, Measure.DISCREPANCY.id(), "discrepancy");
    if (!curve.isEmpty()) {
      page.chart(
          "Discrepancy", curve.level(scores.of(Measure.DISCREPANCY_INITIAL)).chart(), reading);
      return;
    }
    List<Place> moments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Measure moment :
        List.of(Measure.DISCREPANCY_INITIAL, Measure.DISCREPANCY_ALIGNED, Measure.DISCREPANCY)) {
      if (known(moment)) {
        moments.add(new Place(moments.size(), scores.of(moment)));
        names.add(
            switch (moment) {
              case DISCREPANCY_INITIAL -> "new";
              case DISCREPANCY_ALIGNED -> "aligned";
              default -> "finetuned";
            });
      }
    }
    if (moments.size() > 1) {
      Lines lines = new Lines("embedder", "discrepancy").curve("discrepancy", 1, moments);
      page.chart("Discrepancy", lines.named(names).chart(), reading);
    }
  }

  private static String word(Measure measure) {
    return measure.id().replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
