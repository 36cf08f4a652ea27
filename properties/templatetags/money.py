from django import template

from properties import money

register = template.Library()
register.filter("money", money.in_words)
