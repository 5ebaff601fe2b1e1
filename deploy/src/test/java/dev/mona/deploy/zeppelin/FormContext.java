package dev.mona.deploy.zeppelin;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.zeppelin.interpreter.ZeppelinContext;

/** {@code z}: Zeppelin's own forms, and tables of data frames. */
public final class FormContext extends ZeppelinContext {
  private static final int MOST_ROWS = 1000;

  FormContext() {
    super(null, MOST_ROWS);
  }

  @Override
  public Map<String, String> getInterpreterClassMap() {
    return Map.of("spark", ScalaInterpreter.class.getName());
  }

  @Override
  @SuppressWarnings("rawtypes") // as inherited
  public List<Class> getSupportedClasses() {
    return List.of(Dataset.class);
  }

  @Override
  public String showData(Object shown, int most) {
    Dataset<?> frame = (Dataset<?>) shown;
    StringBuilder table = new StringBuilder(Table.PREFIX);
    table.append(String.join("\t", frame.columns())).append('\n');
    for (Row row : frame.toDF().takeAsList(most)) {
      table.append(row.mkString("\t")).append('\n');
    }
    return table.toString();
  }
}
