"""Names for generated people, and addresses made of them."""

import re
import unicodedata


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


FIRST_NAMES = _listed(
    """
    Aaliyah Aaron Abigail Adriana Ahmed Aiko Alejandro Alicia Amara Amir Amy Ana
    Andre Angela Anika Anthony Aisha Beatriz Ben Bianca Brandon Brian Camila Carlos
    Carmen Carol Cassandra Charles Chen Chidi Chloe Christine Claire Daniel Daria
    David Deborah Dennis Derek Diana Diego Dolores Edward Eleanor Elena Elias Emily
    Eric Esther Ethan Fatima Felix Fiona Frances Gabriel Gloria Grace Gregory Hana
    Hannah Hassan Hector Helen Henry Hiroshi Ian Imani Ingrid Isaac Isabel Ivan
    Jacob Jamal James Janet Jasmin Jason Javier Jennifer Jerome Jessica Joan Joel
    John Jordan Joseph Juan Julia Kamala Karen Keisha Keith Kenji Kevin Kim Lakshmi
    Larry Laura Leila Leo Leticia Linda Lucas Luis Lydia Malik Manuel Marcus
    Margaret Maria Mark Martha Martin Mary Mateo Mei Michael Miguel Minh Miriam
    Mohammed Monica Nadia Naomi Natalie Nathan Nia Nicole Nina Noah Olga Olivia Omar
    Oscar Pablo Pamela Patricia Paul Pedro Peter Phuong Priya Rachel Rafael Rahul
    Ramona Raymond Rebecca Ricardo Robert Rosa Ruth Ryan Samir Samuel Sandra Sara
    Scott Sean Shanice Sharon Simone Sofia Stella Stephen Steven Susan Tamara Tara
    Teresa Thanh Theresa Thomas Tiana Timothy Tomas Tyrone Uma Valerie Vanessa
    Victor Vincent Virginia Wanda Warren Wei Wendy William Xavier Yasmin Yolanda
    Yuki Yvonne Zachary Zainab Zoe
    """
)
LAST_NAMES = _listed(
    """
    Abbott Acosta Adams Aguilar Ahmadi Akana Allen Alvarez Anders Arroyo Bailey
    Baker Banerjee Barnes Barrera Becker Bennett Bianchi Blake Boone Brennan Bridges
    Bryant Burke Burns Cabrera Calderon Campbell Cardenas Carlson Carter Castro
    Chang Chapman Chavez Cheng Choi Christensen Cohen Coleman Collins Cooper Cordova
    Cortez Crawford Cruz Dalton Daniels Davis Delaney Desai Diaz Dixon Dominguez
    Doyle Duarte Dunn Eaton Edwards Elliott Escobar Espinoza Evans Farrell Fernandez
    Fischer Flores Foster Franco Fraser Freeman Fuentes Gallagher Garcia Gardner
    Garrett Gibson Gill Gonzales Gordon Graham Greene Griffin Guerrero Gupta
    Gutierrez Hall Hansen Harper Hayashi Hayes Hernandez Herrera Hicks Hoang Hoffman
    Holland Hughes Hunter Hussain Ibarra Ingram Iyer Jackson Jacobs James Jenkins
    Jensen Jimenez Johnson Jones Joshi Juarez Kaplan Kaur Keller Kelly Kennedy Khan
    Kim King Knight Kobayashi Kowalski Kumar Lambert Lang Larsen Lawson Leon Lewis
    Lin Lindgren Liu Lopez Lowe Lucero Maldonado Marquez Marsh Martin Martinez Mason
    Mathis Mbeki McCoy McDonald McKenna Medina Mehta Mejia Mendez Mendoza Meyer
    Miller Mitchell Molina Montoya Moore Morales Moreno Morgan Morris Murphy Murray
    Nakamura Navarro Nelson Nguyen Nichols Norton Novak Nunez Ochoa Oconnor Okada
    Olsen Ortega Ortiz Osman Owens Pacheco Padilla Palmer Park Parker Patel Pena
    Perez Perkins Perry Pham Phillips Pierce Porter Powell Price Quinn Ramirez Ramos
    Rao Reed Reyes Reynolds Rhodes Rice Richards Rivera Roberts Robinson Rodriguez
    Rogers Romero Rosales Ross Rossi Ruiz Russell Ryan Salazar Salinas Sanchez
    Sandoval Santos Sato Schmidt Schneider Schultz Scott Serrano Shah Shaw Silva
    Simmons Singh Solis Soto Spencer Stephens Stewart Stone Suarez Sullivan Suzuki
    Swanson Tanaka Taylor Terry Thompson Torres Tran Trujillo Tucker Turner
    Underwood Valdez Vargas Vasquez Vega Velasquez Wagner Walker Wallace Walsh Wang
    Ward Warner Watanabe Watkins Watson Weber Welch Wells West Wheeler White
    Williams Wilson Wolfe Wong Wood Wright Wu Yamamoto Yang Young Zamora Zhang
    Zimmerman
    """
)


def ascii_letters(text: str) -> str:
    """Return the letters a to z of a name, accents dropped, for use in an address."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z]", "", folded)


def address(first: str, last: str, domain: str, number: int = 0) -> str:
    """Return "pokafor@domain" for Pat Okafor; a number other than 0 is appended."""
    suffix = str(number) if number else ""
    return f"{ascii_letters(first)[:1]}{ascii_letters(last)}{suffix}@{domain}"
