package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.html.Plot.Place;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PlotTest {

  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).toList();
  }

  private static double number(Element element, String name) {
    return Double.parseDouble(element.getAttribute(name));
  }

  @Test
  void ticksAreMultiplesOfOneTwoOrFive() {
    assertThat(labels(Axis.around("", 0, 1))).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
    assertThat(labels(Axis.around("", -0.004, 0.013))).containsExactly("0", "0.005", "0.01");
    assertThat(labels(Axis.around("", 2, 2))).contains("2");
    assertThat(labels(Axis.around("", 0, 0))).contains("0");
    assertThat(labels(Axis.around("", 1e-12, 9e-12))).allMatch(label -> label.length() <= 8);
    assertThat(Axis.upTo("", 10).low()).isZero();
  }

  @Test
  void wholeNumbersAreFew() {
    assertThat(Axis.breaks(3)).containsExactly(0, 1, 2, 3);
    assertThat(Axis.breaks(12)).containsExactly(0, 2, 4, 6, 8, 10, 12);
    assertThat(Axis.breaks(30)).containsExactly(0, 5, 10, 15, 20, 25, 30);
    assertThat(Axis.breaks(1000)).containsExactly(0, 200, 400, 600, 800, 1000);
  }

  /** Three dots of one line: the middle one lies half-way on both axes. */
  @Test
  void placesLieWhereTheirValuesAre() {
    Lines lines =
        new Lines("epoch", "loss")
            .curve("a", 3, List.of(new Place(0, 5), new Place(1, 3), new Place(2, 1)))
            .level(3);
    ParsedPage page = ParsedPage.of(lines.chart().svg("loss"));
    List<Element> dots = page.elements("circle");
    assertThat(dots).hasSize(3).allMatch(dot -> dot.getAttribute("fill").equals("var(--s3)"));
    for (String axis : List.of("cx", "cy")) {
      double middle = (number(dots.get(0), axis) + number(dots.get(2), axis)) / 2;
      assertThat(number(dots.get(1), axis)).isCloseTo(middle, within(0.1));
    }
    assertThat(number(dots.get(0), "cx")).isLessThan(number(dots.get(1), "cx"));
    assertThat(number(dots.get(0), "cy")).isLessThan(number(dots.get(1), "cy"));
    Element level =
        page.elements("line").stream()
            .filter(line -> line.hasAttribute("stroke-dasharray"))
            .findFirst()
            .orElseThrow();
    assertThat(number(level, "y1")).isEqualTo(number(dots.get(1), "cy"));
    assertThat(page.elements("svg").get(0).getAttribute("aria-label")).isEqualTo("loss");
    assertThat(page.elements("svg").get(0).getTextContent())
        .contains("epoch")
        .doesNotContain("a\n");
  }

  @Test
  void whatIsNotFiniteIsLeftOut() {
    Lines lines =
        new Lines("epoch", "loss")
            .curve("a", 0, List.of(new Place(1, Double.NaN), new Place(2, 1)))
            .curve("b", 1, List.of(new Place(1, Double.POSITIVE_INFINITY)))
            .level(Double.NaN);
    assertThat(ParsedPage.of(lines.chart().svg("")).elements("circle")).hasSize(1);
    assertThat(new Lines("x", "y").curve("b", 1, List.of(new Place(1, Double.NaN))).isEmpty())
        .isTrue();
  }

  /** 1000 rounds are drawn as 334 means of three; the first is that of 0, 1 and 2. */
  @Test
  void manyRoundsAreThinned() {
    List<Place> rounds = IntStream.range(0, 1000).mapToObj(i -> new Place(i, i)).toList();
    String svg = new Lines("round", "loss").faint("a", 0, rounds).chart().svg("");
    String path = ParsedPage.of(svg).elements("path").get(0).getAttribute("d");
    assertThat(path.chars().filter(c -> c == 'M' || c == 'L').count()).isEqualTo(334);
  }

  @Test
  void longNamesAreCutAndSlanted() {
    List<String> names = List.of("a name of many letters", "<b>", "c", "d", "e", "f", "g", "h");
    Plot plot = new Plot(360, 300, Axis.named("x", names), Axis.named("y", names));
    ParsedPage page = ParsedPage.of(plot.legend("<i>", "var(--s0)").svg("\"'<&"));
    assertThat(page.elements("b")).isEmpty();
    assertThat(page.elements("text").stream().map(Element::getTextContent))
        .contains("a name of many le…", "<b>", "<i>");
    assertThat(page.elements("text").stream().map(t -> t.getAttribute("transform")))
        .anyMatch(transform -> transform.startsWith("rotate(-42"));
  }

  @Test
  void aFieldIsAPictureOfAPixelAValue() throws Exception {
    Colours colours = new Colours(0, 2, 0x000000, 0x204060, 0xffffff);
    assertThat(colours.of(0)).isEqualTo(0xff000000);
    assertThat(colours.of(0.5)).isEqualTo(0xff102030);
    assertThat(colours.of(1)).isEqualTo(0xff204060);
    assertThat(colours.of(7)).isEqualTo(0xffffffff);
    assertThat(colours.of(Double.NaN)).isZero();
    String url = colours.picture(new double[] {0, 1, 2, 0.5, Double.NaN, -1}, 3);
    String data = url.substring(url.indexOf(',') + 1);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data)));
    assertThat(image.getWidth()).isEqualTo(3);
    assertThat(image.getHeight()).isEqualTo(2);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xff204060);
    assertThat(image.getRGB(0, 1)).isEqualTo(0xff102030);
    assertThat(image.getRGB(1, 1)).isZero();
  }
}
