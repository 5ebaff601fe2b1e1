package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {
  private static final String HOSTILE = "</style><script>alert('1')</script>&amp;\" \u202e\u0000";

  @Test
  void textStaysText() {
    String html = new Markup().element("p", HOSTILE, "title", HOSTILE).toString();
    ParsedPage page = ParsedPage.of(html.strip());
    assertThat(page.elements("*")).hasSize(1);
    String shown = "</style><script>alert('1')</script>&amp;\" \\u202e\\u0000";
    assertThat(page.elements("p").get(0).getTextContent()).isEqualTo(shown);
    assertThat(page.elements("p").get(0).getAttribute("title")).isEqualTo(shown);
  }

  @Test
  void elementsAreClosedInTheirOrder() {
    String html =
        new Markup()
            .open("div")
            .empty("meta", "charset", "x")
            .open("b")
            .text("1")
            .close()
            .close()
            .toString();
    assertThat(html).isEqualTo("<div><meta charset=\"x\"/>\n<b>1</b>\n</div>\n");
  }

  @Test
  void wordsAreQuotedForAShell() {
    assertThat(ProvenanceSection.quoted("runs/a-1/config.conf")).isEqualTo("runs/a-1/config.conf");
    assertThat(ProvenanceSection.quoted("a b")).isEqualTo("'a b'");
    assertThat(ProvenanceSection.quoted("it's $(x)")).isEqualTo("'it'\\''s $(x)'");
  }

  @Test
  void numbersHaveThreeDigits() {
    assertThat(Figures.percent(0.455)).isEqualTo("45.5 %");
    assertThat(Figures.percent(0.0455)).isEqualTo("4.55 %");
    assertThat(Figures.percent(1)).isEqualTo("100 %");
    assertThat(Figures.percent(Double.NaN)).isEqualTo("-");
    assertThat(Figures.time(26.36)).isEqualTo("26.4 s");
    assertThat(Figures.time(600)).isEqualTo("10.0 min");
    assertThat(Figures.time(36000)).isEqualTo("10.0 h");
  }
}
