//! `sources.toml`: the articles that phrases and rules cite.

use toml::Spanned;

use super::{
    super::model::Article,
    file::{ArticleEntry, longest},
    reader::{KEBAB, Reader, is_kebab},
    source::Source,
};

impl<'s> Reader<'s> {
    /// Reads a file of articles; one of the same id below is replaced.
    pub(super) fn articles(&mut self, source: &'s Source) {
        for (key, value) in self.document(source) {
            let at = key.span();
            let id = key.into_inner().into_owned();
            if !is_kebab(&id, 40) {
                self.fault(source, at.clone(), format!("`{id}` is not an id"), KEBAB);
            }
            let Some(entry) = self.record::<ArticleEntry>(source, value) else { continue };
            let published = entry.published.and_then(|day| self.published(source, day));
            let url = entry.url.and_then(|url| self.url(source, url));
            let mut text = |value, name, most| self.text(source, &at, value, name, most);
            let article = Article {
                title: text(entry.title, "title", longest::ARTICLE_TITLE).into(),
                author: text(entry.author, "author", longest::AUTHOR).into(),
                published,
                url,
                school: text(entry.school, "school", longest::SCHOOL).into(),
                advice: text(entry.advice, "advice", longest::ADVICE).into(),
                id: id.as_str().into(),
            };
            self.articles.insert(id, article);
        }
    }

    fn published(&mut self, source: &Source, day: Spanned<String>) -> Option<Box<str>> {
        let at = day.span();
        let day = day.into_inner();
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        if shape == "0000-00-00" {
            return Some(day.into());
        }
        self.fault(source, at, format!("`{day}` is not a day"), "write it as 2013-03-02, or leave the key out");
        None
    }

    /// An address is shown as a link, so that it must not be able to be anything else.
    fn url(&mut self, source: &Source, url: Spanned<String>) -> Option<Box<str>> {
        let at = url.span();
        let url = self.text(source, &at, Some(url), "url", longest::URL);
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic())) {
            return Some(url.into());
        }
        let what = format!("`{url}` is not an address");
        self.fault(source, at, what, "write it as https://example.com/article, or leave the key out");
        None
    }
}
