/* Prints the event of each calendar file as a line of JSON, as libical reads it, the library of GNOME and KDE. */

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *content(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

/* Prints a text as a string of JSON. UTF-8 stays as it is. */
static void print_text(const char *name, const char *text)
{
    printf("\"%s\": \"", name);
    for (const unsigned char *c = (const unsigned char *)(text ? text : ""); *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    printf("\"");
}

/* Prints a day, or an instant in UTC. */
static void print_time(const char *name, struct icaltimetype time)
{
    if (time.is_date)
        printf("\"%s\": \"%04d-%02d-%02d\", ", name, time.year, time.month, time.day);
    else
        printf("\"%s\": \"%04d-%02d-%02dT%02d:%02d:%02d%s\", ", name, time.year, time.month, time.day, time.hour, time.minute,
               time.second, icaltime_is_utc(time) ? "Z" : "");
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++) {
        char *text = content(paths[i]);
        icalcomponent *calendar = text ? icalparser_parse_string(text) : NULL;
        if (!calendar || icalcomponent_count_errors(calendar) || !icalrestriction_check(calendar)) {
            fprintf(stderr, "%s: not a valid calendar\n", paths[i]);
            return 1;
        }
        icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
        if (!event || icalcomponent_count_components(calendar, ICAL_ANY_COMPONENT) != 1) {
            fprintf(stderr, "%s: not one event\n", paths[i]);
            return 1;
        }
        icalproperty *url = icalcomponent_get_first_property(event, ICAL_URL_PROPERTY);
        printf("{ ");
        print_time("start", icalcomponent_get_dtstart(event));
        print_time("end", icalcomponent_get_dtend(event));
        print_time("stamp", icalcomponent_get_dtstamp(event));
        print_text("uid", icalcomponent_get_uid(event));
        printf(", ");
        print_text("status", icalenum_status_to_string(icalcomponent_get_status(event)));
        printf(", \"sequence\": %d, ", icalcomponent_get_sequence(event));
        print_text("summary", icalcomponent_get_summary(event));
        printf(", ");
        print_text("location", icalcomponent_get_location(event));
        printf(", ");
        print_text("description", icalcomponent_get_description(event));
        printf(", ");
        print_text("url", url ? icalproperty_get_url(url) : "");
        printf(" }\n");
        icalcomponent_free(calendar);
        free(text);
    }
    return 0;
}
