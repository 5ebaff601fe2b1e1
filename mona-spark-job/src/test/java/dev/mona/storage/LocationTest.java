package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
  @TempDir private java.nio.file.Path folder;

  /** What the Java library makes of the name is what is written through Hadoop. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10:00",
        "2024-01-01T10:00:00",
        "a:b",
        "v[1]",
        "{a,b}",
        "back\\slash",
        "a b",
        "a%20b",
        "a#b",
        "a?b",
        "*",
        "donn\u00e9es",
        "x=1",
        "~",
        "$HOME",
        "a'b\"c",
        "-x"
      })
  void aNameIsTakenLetterByLetter(String name) throws IOException {
    for (String address :
        new String[] {
          folder + "/" + name, "file:" + folder + "/" + name + "/", "/" + folder + "/" + name
        }) {
      Path path = Location.of(address);
      Path file = Location.child(path, name);
      FileSystem files = new RawLocalFileSystem();
      files.initialize(URI.create("file:///"), new Configuration());
      try (OutputStream out = files.create(file, true)) {
        out.write(1);
      }
      try (InputStream in = Location.files(file, new Configuration()).open(file)) {
        assertThat(in.read()).isOne();
      }
      assertThat(folder.resolve(name).resolve(name)).as(address).exists();
      assertThat(path.getName()).isEqualTo(name);
      assertThat(Location.of(path.toString()).toString()).isEqualTo(path.toString());
      Files.delete(folder.resolve(name).resolve(name));
      try (var left = Files.list(folder)) {
        assertThat(left).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10:00, 10:00",
    "./10:00/, 10:00",
    "runs/10:00, 10:00",
    "runs, runs",
    "a:b/c, c",
    "run:x, run:x"
  })
  void aRelativeNameStaysOneOfTheDefaultFileSystem(String address, String name) {
    Path path = Location.of(address);
    assertThat(path.toUri().getScheme()).isNull();
    assertThat(path.toUri().getAuthority()).isNull();
    assertThat(path.isAbsolute()).isFalse();
    assertThat(path.getName()).isEqualTo(name);
    assertThat(Location.child(path, "10:00").getName()).isEqualTo("10:00");
    assertThat(Location.child(path, "10:00").getParent()).isEqualTo(path);
    assertThat(Location.of(path.toString())).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({"hdfs://host:8020/a b, hdfs, /a b", "s3a://bucket/x, s3a, /x", "file:/a, file, /a"})
  void anAddressHasItsScheme(String address, String scheme, String path) {
    assertThat(Location.of(address).toUri().getScheme()).isEqualTo(scheme);
    assertThat(Location.of(address).toUri().getPath()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "'', name a file or a folder",
    "' ', name a file or a folder",
    "file:runs, 'has no slash after ''file:'': write file:///folder'",
    "jfs:runs, jfs://host/folder",
    "s3a:bucket, s3a://host/folder",
    "file://tmp/runs, three slashes"
  })
  void whatNamesNothingIsRefusedInASentence(String address, String remedy) {
    assertThatThrownBy(() -> Location.of(address))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(remedy)
        .hasMessageStartingWith("'" + address + "'");
  }

  @Test
  void anEndOfTextIsNoName() {
    assertThatThrownBy(() -> Location.of("a\0b"))
        .isInstanceOf(MonaException.class)
        .hasMessage("'a?b' is no path: name a file or a folder");
  }
}
