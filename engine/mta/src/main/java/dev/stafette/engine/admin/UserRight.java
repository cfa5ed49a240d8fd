// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.TableTypes;
import java.nio.file.Path;
import java.util.List;

/**
 * What a user of this machine may need to be listed for; the texts are Postfix's.
 * Thread: any; it reads files, and blocks where a table does.
 */
public enum UserRight {
    VIEW("authorized_mailq_users", "view the mail queue"),
    FLUSH("authorized_flush_users", "flush the mail queue"),
    SUBMIT("authorized_submit_users", "submit mail");

    /** Of somebody whom no directory of names knows. */
    public static final String UNKNOWN_USER = "unknown";

    /** It has every key: lists are not asked any further. */
    private static final String EVERYBODY = "static:";

    private final String parameter;
    private final String text;

    UserRight(String parameter, String text) {
        this.parameter = parameter;
        this.text = text;
    }

    /**
     * Why the user may not; empty when he may. As long as a table of the list does not answer, nobody may.
     *
     * @param shownUser what the reason calls him
     * @param directory of the configuration
     */
    public String reasonAgainst(String user, String shownUser, Settings settings, Path directory) {
        List<String> words = settings.words(parameter);
        if (!words.isEmpty() && words.get(0).startsWith(EVERYBODY)) {
            return "";
        }
        TableAnswer answer;
        try {
            TableHost host = new TableHost(
                    TableTypes::open, directory, settings::expand, warning -> {}, System::nanoTime, Runnable::run);
            NameList list = NameList.read(words, host);
            answer = list.find(user, Inquiry.BLOCKING);
            list.close();
        } catch (ConfigException e) {
            return parameter + ": " + e.getMessage();
        }
        if (answer.isUnavailable()) {
            return parameter + ": table lookup problem: " + answer.why();
        }
        return answer.isFound() ? "" : "User " + shownUser + " is not allowed to " + text;
    }
}
