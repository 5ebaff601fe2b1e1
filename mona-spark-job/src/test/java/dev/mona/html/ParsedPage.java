package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A report as a parser of XML reads it.
 *
 * @param document its elements
 */
public record ParsedPage(Document document) {
  private static final Set<String> FOREIGN =
      Set.of("script", "iframe", "object", "embed", "link", "base", "form", "img", "foreignObject");
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?i)(\\s*([a-z][a-z0-9+.-]*:)?//.*)|\\s*(javascript|file|ftp):.*");

  /** Parses; what is not well-formed fails. */
  public static ParsedPage of(String html) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return new ParsedPage(
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(html))));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("the page is not well-formed: " + e.getMessage(), e);
    }
  }

  /** Nothing runs, and nothing is fetched: only {@code data:} and places of the page itself. */
  public ParsedPage assertStandsAlone() {
    for (Element element : elements("*")) {
      assertThat(FOREIGN).doesNotContain(element.getTagName());
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        Attr attribute = (Attr) attributes.item(i);
        String value = attribute.getValue();
        assertThat(attribute.getName()).doesNotStartWith("on");
        assertThat(value.replace(" ", "")).doesNotContain("url(h", "url('", "url(\"", "url(/");
        if (attribute.getName().matches("href|src|xlink:href|action|data")) {
          assertThat(value).as(element.getTagName()).doesNotMatch(ELSEWHERE);
        }
      }
    }
    assertThat(elements("style")).hasSize(1);
    assertThat(elements("style").get(0).getTextContent()).doesNotContain("url(", "@import");
    Set<String> ids = new HashSet<>();
    for (Element element : elements("*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).as(element.getAttribute("id")).isTrue();
      }
    }
    return this;
  }

  public List<Element> elements(String name) {
    NodeList found = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  /** The text of a section, its charts among it. */
  public String section(String id) {
    return elements("section").stream()
        .filter(section -> section.getAttribute("id").equals(id))
        .map(Element::getTextContent)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + id));
  }

  /** The whole text. */
  public String text() {
    return elements("main").get(0).getTextContent();
  }

  /** Titles of the charts, in order. */
  public List<String> charts() {
    return elements("figure").stream()
        .map(figure -> figure.getElementsByTagName("h3").item(0).getTextContent())
        .toList();
  }
}
