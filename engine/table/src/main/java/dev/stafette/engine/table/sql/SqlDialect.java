// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import java.util.Locale;

/**
 * What differs between the databases that tables can be in.
 * Thread: any (a value).
 */
public enum SqlDialect {
    /** By MariaDB's driver, which speaks to MySQL as well. Both kinds of quotes enclose text. */
    MYSQL("org.mariadb.jdbc.Driver", 3306, "'\"", "`", false),
    PGSQL("org.postgresql.Driver", 5432, "'", "\"", true),
    /** Takes a text in double quotes for a text when there is no such column, which people use. */
    SQLITE("org.sqlite.JDBC", 0, "'\"", "`", false);

    private final String driver;
    private final int port;
    private final String literalQuotes;
    private final String nameQuotes;
    private final boolean doublesQuestionMarks;

    SqlDialect(String driver, int port, String literalQuotes, String nameQuotes, boolean doublesQuestionMarks) {
        this.driver = driver;
        this.port = port;
        this.literalQuotes = literalQuotes;
        this.nameQuotes = nameQuotes;
        this.doublesQuestionMarks = doublesQuestionMarks;
    }

    /** The class to load when the first table of the kind is used. */
    String driver() {
        return driver;
    }

    int port() {
        return port;
    }

    boolean isLiteralQuote(char c) {
        return literalQuotes.indexOf(c) >= 0;
    }

    boolean isNameQuote(char c) {
        return nameQuotes.indexOf(c) >= 0;
    }

    /** The driver takes ? for a parameter and ?? for the operator. */
    boolean doublesQuestionMarks() {
        return doublesQuestionMarks;
    }

    String type() {
        return name().toLowerCase(Locale.ROOT);
    }
}
