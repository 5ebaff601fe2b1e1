package dev.mona.html;

import dev.mona.html.Plot.Place;
import java.util.ArrayList;
import java.util.List;

/** A chart of curves: a colour a series, values that are not finite left out. */
final class Lines {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 260;
  private static final int MOST_POINTS = 400;
  private static final int MOST_DOTS = 60;

  /** A curve of a series. */
  private record Curve(String name, int colour, List<Place> places, boolean faint) {
    /** There are fewer colours than there may be series. */
    boolean dashed() {
      return colour / Plot.SERIES % 2 == 1;
    }
  }

  private final String xName;
  private final String yName;
  private final List<Curve> curves = new ArrayList<>();
  private final List<Curve> marks = new ArrayList<>();
  private final List<Double> levels = new ArrayList<>();
  private List<String> names = List.of();

  /**
   * An empty chart.
   *
   * @param xName what is counted from left to right, in whole numbers from 0 on
   * @param yName what goes up
   */
  Lines(String xName, String yName) {
    this.xName = xName;
    this.yName = yName;
  }

  /**
   * Adds a curve with a dot at each of its places, unless there are many.
   *
   * @param name of its series, which may have several curves
   * @param colour number of the colour of the series
   */
  Lines curve(String name, int colour, List<Place> places) {
    return add(curves, new Curve(name, colour, finite(places), false));
  }

  /** Adds a thin curve behind the others: at most 400 places, each the mean of some. */
  Lines faint(String name, int colour, List<Place> places) {
    return add(curves, new Curve(name, colour, thinned(finite(places)), true));
  }

  /** Marks a place, as the one that was chosen. */
  Lines mark(String name, int colour, Place place) {
    return add(marks, new Curve(name, colour, finite(List.of(place)), false));
  }

  /** Adds a dashed line at a height. */
  Lines level(double y) {
    if (Double.isFinite(y)) {
      levels.add(y);
    }
    return this;
  }

  /** Names the whole numbers from 0 on. */
  Lines named(List<String> some) {
    names = List.copyOf(some);
    return this;
  }

  /** Whether there is no place. */
  boolean isEmpty() {
    return curves.isEmpty();
  }

  private Lines add(List<Curve> to, Curve curve) {
    if (!curve.places().isEmpty()) {
      to.add(curve);
    }
    return this;
  }

  private static List<Place> finite(List<Place> places) {
    return places.stream().filter(Place::isFinite).toList();
  }

  private static List<Place> thinned(List<Place> places) {
    int each = Math.max(1, (places.size() + MOST_POINTS - 1) / MOST_POINTS);
    List<Place> means = new ArrayList<>();
    for (int at = 0; at < places.size(); at += each) {
      List<Place> some = places.subList(at, Math.min(places.size(), at + each));
      double mean = some.stream().mapToDouble(Place::y).average().orElse(Double.NaN);
      means.add(new Place(some.get(some.size() - 1).x(), mean));
    }
    return means;
  }

  private static void name(Plot plot, Curve curve) {
    String paint = Plot.series(curve.colour());
    if (curve.dashed()) {
      plot.dashedLegend(curve.name(), paint);
    } else {
      plot.legend(curve.name(), paint);
    }
  }

  /** The chart. */
  Plot chart() {
    double last = 0;
    double least = levels.stream().mapToDouble(v -> v).min().orElse(Double.POSITIVE_INFINITY);
    double most = levels.stream().mapToDouble(v -> v).max().orElse(Double.NEGATIVE_INFINITY);
    for (Curve curve : curves) {
      for (Place place : curve.places()) {
        last = Math.max(last, place.x());
        least = Math.min(least, place.y());
        most = Math.max(most, place.y());
      }
    }
    Axis x = names.isEmpty() ? Axis.whole(xName, last) : Axis.named(xName, names);
    Axis y = least <= most ? Axis.around(yName, least, most) : Axis.around(yName, 0, 1);
    Plot plot = new Plot(WIDTH, HEIGHT, x, y);
    boolean several = curves.stream().map(Curve::name).distinct().count() > 1;
    if (several) {
      // before anything is drawn: its rows leave less height for the rest
      curves.forEach(curve -> name(plot, curve));
    }
    levels.forEach(plot::level);
    for (Curve curve : curves) {
      String paint = Plot.series(curve.colour());
      double thickness = curve.faint() ? 1 : 2;
      double opacity = curve.faint() ? 0.45 : 1;
      if (curve.dashed()) {
        plot.dashed(curve.places(), paint, thickness, opacity);
      } else {
        plot.curve(curve.places(), paint, thickness, opacity);
      }
      if (!curve.faint() && curve.places().size() <= MOST_DOTS) {
        curve.places().forEach(place -> plot.dot(place, paint, 3, 1));
      }
    }
    for (Curve mark : marks) {
      mark.places().forEach(place -> plot.ring(place, Plot.series(mark.colour()), 7));
    }
    return plot;
  }
}
