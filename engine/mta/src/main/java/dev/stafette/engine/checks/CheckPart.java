// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

/** What a table of checks looks at. Thread: any (a value). */
public enum CheckPart {
    HEADER("header"),
    BODY("body");

    private final String logWord;

    CheckPart(String logWord) {
        this.logWord = logWord;
    }

    public String logWord() {
        return logWord;
    }
}
