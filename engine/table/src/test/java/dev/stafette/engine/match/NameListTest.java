// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameListTest {
    @TempDir
    private Path directory;

    private TableAnswer.Kind find(String list, String name) {
        TableHost host = new TableHost(
                TableTypes::open, directory, text -> text, warning -> {}, System::nanoTime, Runnable::run);
        NameList names = NameList.read(List.of(list.split(" ")), host);
        TableAnswer.Kind kind = names.find(name).kind();
        names.close();
        return kind;
    }

    @Test
    void takesTheFirstMatch() {
        assertEquals(TableAnswer.Kind.FOUND, find("a b", "b"));
        assertEquals(TableAnswer.Kind.FOUND, find("Joe", "jOE"));
        assertEquals(TableAnswer.Kind.NOT_FOUND, find("a b", "c"));
        assertEquals(TableAnswer.Kind.NOT_FOUND, find("!a static:x", "a"));
        assertEquals(TableAnswer.Kind.FOUND, find("!a static:x", "b"));
        assertEquals(TableAnswer.Kind.FOUND, find("a !a", "a"));
        assertEquals(TableAnswer.Kind.FOUND, find("!!a", "a"));
    }

    @Test
    void asksTables() {
        assertEquals(TableAnswer.Kind.FOUND, find("inline:{a=x}", "a"));
        assertEquals(TableAnswer.Kind.NOT_FOUND, find("!inline:{a=x} static:y", "a"));
        assertEquals(TableAnswer.Kind.UNAVAILABLE, find("fail:x a", "a"));
        assertEquals(TableAnswer.Kind.UNAVAILABLE, find("!fail:x a", "a"));
        assertEquals(TableAnswer.Kind.FOUND, find("a fail:x", "a"));
        assertThrows(ConfigException.class, () -> find("nosuch:x", "a"));
    }

    @Test
    void readsFiles() throws IOException {
        Path inner = Files.writeString(directory.resolve("inner"), "c !d\n");
        Path outer = Files.writeString(directory.resolve("outer"), "# comment b\na, e\n!" + inner + "\n");
        assertEquals(TableAnswer.Kind.FOUND, find(outer.toString(), "e"));
        assertEquals(TableAnswer.Kind.NOT_FOUND, find(outer.toString(), "b"));
        assertEquals(TableAnswer.Kind.NOT_FOUND, find(outer + " c", "c"));
        assertEquals(TableAnswer.Kind.FOUND, find(outer.toString(), "d"));
        assertEquals(TableAnswer.Kind.UNAVAILABLE, find(directory + "/missing", "a"));
        Files.writeString(inner, outer.toString());
        assertThrows(ConfigException.class, () -> find(outer.toString(), "a"));
    }
}
